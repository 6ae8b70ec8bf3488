"""Every check of this project under one name: ``nox -s NAME``, or ``nox -l`` for the list.

The sessions run in the environment nox itself is in, made by ``pip install -r requirements-dev.lock -e .``; nothing is
installed for them. Only ``release-check`` makes environments of its own, an empty one for each Python it finds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import nox

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""What a release is tried on, as far as it is on this machine."""
LOCK = "requirements-dev.lock"
CORES = str(min(4, os.cpu_count() or 1))  # half the time of one on two cores; each takes up to 1.5 GB
SPREAD = ("-n", CORES, "--dist", "worksteal")  # who is done early takes over what another has left

nox.options.sessions = ["lint", "types", "quick"]
nox.options.default_venv_backend = "none"
nox.options.error_on_external_run = False


def _python(session: nox.Session, *args: str) -> None:
    session.run(sys.executable, *args)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, sizes of functions, and the shipped glossaries."""
    _python(session, "-m", "ruff", "check", ".")
    _python(session, "scripts/house.py", "--check")
    _python(session, "-m", "fixer", "glossary", "lint", "--quiet")


@nox.session
def types(session: nox.Session) -> None:
    """Types, strictly, of the package, its tests, scripts and benchmarks."""
    _python(session, "-m", "mypy")


@nox.session
def quick(session: nox.Session) -> None:
    """The tests that take no time: while you work."""
    _python(session, "-m", "pytest", "-q", *SPREAD, "-m", "not slow", *session.posargs)


def _compiled(session: nox.Session) -> None:
    """The inner loops, as an installed fixer has them, where there is a compiler; ``tests/search/test_core.py`` holds
    what they find against what numpy finds.
    """
    session.run(sys.executable, "scripts/build_core.py", success_codes=(0, 1))


@nox.session
def tests(session: nox.Session) -> None:
    """All tests."""
    _compiled(session)
    _python(session, "-m", "pytest", "-q", *SPREAD, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """All tests, and how much of the package they run; fails below the floor in pyproject.toml."""
    _compiled(session)
    _python(session, "-m", "pytest", "-q", *SPREAD, "--cov", "--cov-report=term:skip-covered", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation site in site/, with every link and anchor checked: ``pip install zensical`` first."""
    session.run("zensical", "build", "--strict", "--clean")


@nox.session
def lock(session: nox.Session) -> None:
    """Choose the newest development versions anew, for every Python and system."""
    wanted = ("--universal", "--python-version", PYTHONS[0], "--extra", "dev", "--upgrade")
    told = ("--quiet", "--custom-compile-command", "nox -s lock")
    _python(session, "-m", "uv", "pip", "compile", *wanted, *told, "pyproject.toml", "-o", LOCK)


def _nothing_forgotten(session: nox.Session) -> None:
    """Every file of the repository is in the source archive, but for those of machines and agents."""
    (archive,) = Path("dist").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, encoding="utf-8", check=True)
    left = (".pre-commit-config.yaml", ".agents/", ".claude/")
    missing = [name for name in listed.stdout.split("\0") if name and name not in packed and not name.startswith(left)]
    if missing:
        session.error(f"not in {archive.name}: {', '.join(missing[:5])}")


def _by_installers(session: nox.Session, wheel: Path) -> None:
    """Install the wheel as an application, by uv and by pipx, each in an empty home, and have it correct something."""
    home = Path(session.create_tmp()).absolute()
    places = {"UV_TOOL_DIR": "uv", "UV_TOOL_BIN_DIR": "bin-uv", "PIPX_HOME": "pipx", "PIPX_BIN_DIR": "bin-pipx"}
    homes = {name: str(home / place) for name, place in places.items()}
    installed = {
        "uv": (("-m", "uv", "tool", "install", "--quiet", "--force", str(wheel)), home / "uv" / "fixer"),
        "pipx": (("-m", "pipx", "install", "--quiet", "--force", str(wheel)), home / "pipx" / "venvs" / "fixer"),
    }
    for name, (command, environment) in installed.items():
        session.run(sys.executable, *command, env=homes)
        session.run(str(home / f"bin-{name}" / "fixer"), "--version")
        session.run(str(environment / "bin" / "python"), "-P", "scripts/try_installed.py")


@nox.session
def vscode(session: nox.Session) -> None:
    """The extension: its types, its start with the fixer of this environment, and its package."""
    session.chdir("editors/vscode")
    for words in (("ci",), ("test",), ("run", "package")):
        session.run("npm", *words, external=True)


@nox.session
def build(session: nox.Session) -> None:
    """The source archive, and the wheel made from it, in dist/."""
    shutil.rmtree("dist", ignore_errors=True)
    # without the compiled inner loops, which would make it a wheel of this machine
    session.run(sys.executable, "-m", "build", env={"FIXER_PURE": "1"})


@nox.session(name="release-check")
def release_check(session: nox.Session) -> None:
    """Build, look into both archives, then have the wheel correct something however a stranger installs it."""
    build(session)
    (wheel,) = Path("dist").glob("*.whl")
    _python(session, "-m", "twine", "check", "--strict", *map(str, Path("dist").iterdir()))
    _python(session, "-m", "check_wheel_contents", str(wheel))
    _nothing_forgotten(session)
    _by_installers(session, wheel)
    tried = []
    for version in PYTHONS:
        python = shutil.which(f"python{version}")
        if (
            not python or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode
        ):  # a pyenv shim
            session.warn(f"Python {version} is not on this machine")
            continue
        home = Path(session.create_tmp()) / version
        session.run(python, "-m", "venv", "--clear", str(home))
        inside = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        session.run(inside, "-m", "pip", "install", "--quiet", str(wheel))
        session.run(inside, "-P", "scripts/try_installed.py")
        tried.append(version)
    session.log(f"{wheel.name} corrects on Python {', '.join(tried)}")

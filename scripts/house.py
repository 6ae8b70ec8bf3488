"""How the house stands: sizes of functions, signatures and modules, complexity, circles, comments, rooms.

Run: python scripts/house.py [--list | --check] [PACKAGE…]

Limits: p95 of function length 30 lines, longest 60, signature 7 parameters, complexity 15, no import circle at module
level. Every module under 120 lines with a single importer says in its docstring, or its package's, why it stands
apart (the word "apart" is what is looked for). Complexity is McCabe's number with every ``and``, ``or`` and ternary
counted, which is more than ruff's C901 counts: that passes where this does not. ``--check`` prints only functions
beyond a limit and then exits with 1; ``nox -s lint`` runs it.
"""

from __future__ import annotations

import argparse
import ast
import io
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parent.parent
_DECISIONS = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case,
)  # fmt: skip
FUNCTION_P95, FUNCTION, PARAMETERS, COMPLEXITY, SMALL = 30, 60, 7, 15, 120


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method and its figures."""

    name: str
    lines: int
    parameters: int
    complexity: int


@dataclass(frozen=True, slots=True)
class Module:
    """One module, what it holds and what it imports when it is loaded."""

    name: str
    lines: int
    comments: int
    functions: tuple[Function, ...]
    imports: frozenset[str]
    """At module level, without those for types only."""
    mentions: frozenset[str]
    """Anywhere."""
    package: bool
    """Whether it is an ``__init__``."""
    says_why: bool
    """Whether its docstring says why it stands apart."""


def complexity(node: ast.AST) -> int:
    """One more than the decisions of a function, ``and``, ``or`` and ternaries included; functions inside count too."""
    count = 1
    for inner in ast.walk(node):
        if isinstance(inner, ast.BoolOp):
            count += len(inner.values) - 1
        elif isinstance(inner, ast.comprehension):
            count += 1 + len(inner.ifs)
        else:
            count += isinstance(inner, _DECISIONS)
    return count


def functions(tree: ast.AST, prefix: str) -> Iterator[Function]:
    """Every function of a tree; those inside others count by themselves, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            a = node.args
            names = [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg) if p]
            count = len([n for n in names if n not in ("self", "cls")])
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Function(f"{prefix}:{node.name}:{node.lineno}", size, count, complexity(node))


def _imports(body: list[ast.stmt], known: set[str]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from _imports([*node.body, *node.orelse], known)
        elif isinstance(node, ast.Try):
            yield from _imports(node.body, known)


def _dotted(path: Path) -> str:
    parts = path.relative_to(HOME).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(root: Path) -> list[Module]:
    """All modules under a folder."""
    paths = sorted(root.rglob("*.py"))
    known = {_dotted(path) for path in paths}
    out = []
    for path in paths:
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        comments = sum(t.type == tokenize.COMMENT for t in tokenize.generate_tokens(io.StringIO(text).readline))
        inner = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
        imports = frozenset(_imports(tree.body, known))
        mentions = frozenset(_imports([*inner], known))
        name = _dotted(path)
        figures = tuple(functions(tree, name)), imports, mentions, path.stem == "__init__", _says_why(tree)
        out.append(Module(name, text.count("\n"), comments, *figures))
    return out


def _says_why(tree: ast.Module) -> bool:
    return "apart" in (ast.get_docstring(tree) or "").casefold()


def circles(modules: list[Module]) -> list[list[str]]:
    """Groups of modules that import each other when loaded (Tarjan's strongly connected components)."""
    graph = {m.name: sorted(m.imports & {o.name for o in modules} - {m.name}) for m in modules}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    out: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = [stack.pop()]
            while group[-1] != name:
                group.append(stack.pop())
            if len(group) > 1:
                out.append(sorted(group))

    for name in graph:
        if name not in index:
            visit(name)
    return out


def importers(modules: list[Module]) -> dict[str, set[str]]:
    """Module → who imports it, anywhere."""
    out: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for name in module.mentions:
            out[name].add(module.name)
    return out


def beyond(found: list[Function]) -> list[str]:
    """A line for each function beyond a limit."""
    return [
        f"    {f.name}: {f.lines} lines, {f.parameters} parameters, complexity {f.complexity}"
        for f in found
        if f.lines > FUNCTION or f.parameters > PARAMETERS or f.complexity > COMPLEXITY
    ]


def main() -> None:
    """Print the figures, and with ``--list`` everything beyond a limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="only these, e.g. glossary tui")
    parser.add_argument("--list", action="store_true", help="name all beyond a limit")
    parser.add_argument("--check", action="store_true", help="fail when a function is beyond a limit")
    args = parser.parse_args()
    every = read(HOME / "fixer")
    chosen = [m for m in every if not args.packages or (*m.name.split("."), "")[1] in args.packages]
    found = sorted((f for m in chosen for f in m.functions), key=lambda f: f.lines)
    if args.check:
        told = beyond(found)
        raise SystemExit("\n".join(["functions beyond a limit, split them by idea:", *told]) if told else 0)
    total = sum(m.lines for m in chosen)
    worst, wide = max(found, key=lambda f: f.complexity), max(found, key=lambda f: f.parameters)
    print(f"lines {total} in {len(chosen)} modules; functions {len(found)}")
    print(f"function p95 {found[int(len(found) * 0.95)].lines} (≤ {FUNCTION_P95})")
    print(f"longest function {found[-1].lines} (≤ {FUNCTION}): {found[-1].name}")
    print(f"longest signature {wide.parameters} (≤ {PARAMETERS}): {wide.name}")
    print(f"worst complexity {worst.complexity} (≤ {COMPLEXITY}): {worst.name}")
    print(f"comment lines per 100: {100 * sum(m.comments for m in chosen) / total:.1f}")
    rooms = [p for p in (HOME / "fixer").iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()]
    print(f"rooms directly in fixer/: {len(rooms)}")
    print(f"import circles at module level: {circles(every) or 'none'}")
    by = importers(every)
    small = [m for m in chosen if m.lines < SMALL and len(by[m.name]) == 1 and not m.package and m.name.count(".") > 1]
    reasons = {module.name for module in every if module.says_why}
    silent = [m for m in small if reasons.isdisjoint((m.name, m.name.rpartition(".")[0]))]
    print(f"modules under {SMALL} lines with one importer: {len(small)}, without a reason {len(silent)}")
    for module in silent:
        print(f"    {module.name} ({module.lines}) ← {min(by[module.name])}")
    if args.list:
        print("\n".join(beyond(found)))


if __name__ == "__main__":
    main()

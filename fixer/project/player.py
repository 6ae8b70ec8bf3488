"""Play the stretch of a recording that a cue covers, with whatever player the machine has.

Apart from the review, which knows no disk and no process: it is handed a function that plays.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

from fixer.project.disk import leads_out

__all__ = ["Player", "media_beside"]

_SOUND = (".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".aac", ".mp4", ".mkv", ".webm", ".mov")
_KNOWN = {
    "mpv": "mpv --no-video --really-quiet --no-ytdl --start={start} --end={end} {media}",
    "ffplay": "ffplay -nodisp -autoexit -loglevel quiet -ss {start} -t {duration} {media}",
}


def media_beside(transcript: Path) -> Path | None:
    """The recording that lies beside a transcript under the same name; ``a.zh.srt`` belongs to ``a.mp3`` too."""
    stems = [transcript.stem, transcript.stem.rsplit(".", 1)[0]]
    for stem in dict.fromkeys(stems):
        for suffix in _SOUND:
            found = transcript.with_name(stem + suffix)
            if found.is_file() and not leads_out(found):
                return found
    return None


class Player:
    """Plays one stretch at a time.

    Args:
        command: with ``{start}``, ``{end}``, ``{duration}`` (seconds) and ``{media}``; the first of mpv and ffplay
            that is installed when empty.
        refused: why nothing is played, where that is so.
    """

    def __init__(self, command: str = "", *, refused: str = "") -> None:
        self._refused = refused
        found = next((line for name, line in _KNOWN.items() if shutil.which(name)), "")
        self._command = command or found
        self._running: subprocess.Popen[bytes] | None = None

    def play(self, media: Path, start_ms: int, end_ms: int) -> str:
        """Start playing; what went wrong, or nothing."""
        if self._refused:
            return self._refused
        if not self._command:
            return "no player found: install mpv or ffplay, or set one in the configuration"
        times = {"start": start_ms / 1000, "end": end_ms / 1000, "duration": (end_ms - start_ms) / 1000}
        fields = {name: f"{value:.3f}" for name, value in times.items()}
        fields["media"] = str(media.absolute())  # never a name that begins with -, which a player takes for an option
        try:
            parts = [_filled(part, fields) for part in shlex.split(self._command)]
        except ValueError as error:
            return f"the player's command cannot be read: {error}"
        self.stop()
        try:
            self._running = subprocess.Popen(
                parts, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            return f"cannot start {parts[0]}: {(error.strerror or str(error)).lower()}"
        return ""

    def stop(self) -> None:
        """Stop what is playing."""
        if self._running is not None:
            if self._running.poll() is None:
                self._running.terminate()
            try:
                self._running.wait(2)
            except subprocess.TimeoutExpired:  # it does not listen
                self._running.kill()
                self._running.wait()
            self._running = None


def _filled(part: str, fields: dict[str, str]) -> str:
    for name, value in fields.items():
        part = part.replace("{" + name + "}", value)
    return part

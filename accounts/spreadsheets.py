"""CSV that a spreadsheet opens without harm.

UTF-8 with a byte order mark: without it Excel takes the file for the system's old code page and breaks every name that
is not English; other programs skip it. Nothing in a cell is run: what a person typed and a spreadsheet could take for
a formula gets an apostrophe in front, as OWASP advises. Where a file comes back, `guarded` and `unguarded` are used:
with them every text returns as it was.
"""

from __future__ import annotations

BOM = "\ufeff"
# What a cell that a spreadsheet takes for a formula begins with.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: object) -> object:
    """Text that a spreadsheet could run, as text. Numbers of ours stay numbers."""
    if isinstance(value, str) and _could_run(value):
        return f"'{value}"
    return value


def guarded(text: str) -> str:
    """The text so that no spreadsheet runs it, and so that `unguarded` finds it again."""
    return f"'{text}" if _could_run(text.lstrip("'")) else text


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _could_run(text.lstrip("'")) else text


def _could_run(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA)

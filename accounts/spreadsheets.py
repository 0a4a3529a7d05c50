"""CSV that a spreadsheet opens without harm.

UTF-8 with a byte order mark: without it Excel takes the file for the system's old code page and breaks every name that
is not English; other programs skip it. Nothing in a cell is run: what a person typed and a spreadsheet could take for
a formula gets an apostrophe in front, as OWASP advises.
"""

from __future__ import annotations

BOM = "\ufeff"
# What a cell that a spreadsheet takes for a formula begins with.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: object) -> object:
    """Text that a spreadsheet could run, as text. Numbers of ours stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value

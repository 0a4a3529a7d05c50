"""Jupyter notebooks: JSON of format 3 or 4, of a size and depth that can be read safely."""

from __future__ import annotations

import json
import re
from typing import IO, Any

from mentoring.files.refusing import RefusedFileError

MOST_VALUES = 400_000
DEEPEST = 100

# A string is passed over whole, also one that never ends: else each quotation mark in it would begin another try.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_OPENING = b"[{"
_LONGEST_NUMBER = 400
_CELL_TYPES = {"code", "markdown", "raw", "heading", "html"}
_NONE = "This is JSON, but no notebook of format 3 or 4."


def check(source: IO[bytes]) -> None:
    load(source)


def load(source: IO[bytes]) -> list[dict[str, Any]]:
    """The cells, each a mapping with a known `cell_type`; format 3 keeps them in worksheets."""
    source.seek(0)
    raw = source.read()
    _refuse_sprawling(raw)
    try:
        found = json.loads(raw.decode(), parse_int=_whole, parse_float=_decimal)
    except (ValueError, RecursionError) as error:
        raise RefusedFileError("The notebook cannot be read: it is no valid JSON. Save it anew.") from error
    return _cells(found)


def _refuse_sprawling(raw: bytes) -> None:
    """Before anything is built of it: ten megabytes of brackets would become some 400 MB of lists."""
    # Two quotation marks a string, and room for those inside of strings: more take too long to look for.
    many = raw.count(b'"') > 4 * MOST_VALUES
    bare = b"" if many else _STRING.sub(b"", raw)
    if many or bare.count(b",") + bare.count(b"[") + bare.count(b"{") > MOST_VALUES:
        raise RefusedFileError("The notebook has too many values. Clear large outputs and save it anew.")
    depth = 0
    for bracket in bare.translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in _OPENING else -1
        if depth > DEEPEST:
            raise RefusedFileError("The notebook is nested too deeply. Clear its outputs and save it anew.")


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("A number is too long.")
    return int(digits)


def _decimal(digits: str) -> float:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("A number is too long.")
    return float(digits)


def _cells(found: object) -> list[dict[str, Any]]:
    if not isinstance(found, dict) or type(found.get("nbformat")) is not int or found["nbformat"] not in (3, 4):
        raise RefusedFileError(_NONE)
    lists = [found.get("cells")]
    if found["nbformat"] == 3:
        sheets = found.get("worksheets")
        lists = [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in _list(sheets)]
    cells = [cell for each in lists for cell in _list(each)]
    if not cells:
        raise RefusedFileError("The notebook has no cells.")
    for cell in cells:
        _refuse_misshapen(cell)
    return cells


def _refuse_misshapen(cell: object) -> None:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str) or cell["cell_type"] not in _CELL_TYPES:
        raise RefusedFileError(_NONE)
    if not is_text(cell.get("source", cell.get("input", ""))):
        raise RefusedFileError(_NONE)
    if any(not isinstance(output, dict) for output in _list(cell.get("outputs", []))):
        raise RefusedFileError(_NONE)


def is_text(value: object) -> bool:
    """A text, or its lines in a list: notebooks write both."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(line, str) for line in value))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise RefusedFileError(_NONE)
    return value

"""The rows of a file that somebody sends. What it is, its content says; its name says nothing.

A row is what stands in its cells, by column, and nothing is made of it yet. Formulas are read as the text that they
are: nothing is computed here, and no result that some program left in the file is believed.
"""

from __future__ import annotations

import csv
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from accounts.spreadsheets import BOM, unguarded
from roles.exchange.writing import Format

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
# A workbook is compressed: ten megabytes could become ten thousand.
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_COLUMNS = 200
_ZIP = b"PK\x03\x04"
_DELIMITERS = ",;\t"


class UnreadableError(Exception):
    """The file as a whole cannot be read: the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, numbered as a spreadsheet numbers it; in JSON, by its place in the list."""

    number: int
    cells: dict[str, Any]


def read(content: bytes) -> tuple[Format, list[Row]]:
    """What the file is, and its rows. Raises UnreadableError."""
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"The file is larger than {MOST_BYTES // 1024**2} MB. Send it in parts.")
    if content.startswith(_ZIP):
        return Format.XLSX, _counted(_xlsx(content))
    text = _text(content)
    if text.lstrip().startswith(("[", "{")):
        return Format.JSON, _counted(_json(text))
    return Format.CSV, _counted(_csv(text))


def _counted(rows: Iterator[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if len(found) == MOST_ROWS:
            raise UnreadableError(f"The file has more than {MOST_ROWS:,} rows. Send it in parts.")
        found.append(row)
    if not found:
        raise UnreadableError("There are no rows in the file.")
    return found


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "This is no XLSX workbook, and no CSV or JSON in UTF-8. Spreadsheets offer “CSV UTF-8” when they save."
        ) from error
    if "\0" in text:
        raise UnreadableError("This is neither CSV, JSON nor an XLSX workbook.")
    return text.removeprefix(BOM)


def _csv(text: str) -> Iterator[Row]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    records = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    names: list[str] = []
    try:
        for number, record in enumerate(records, start=1):
            if number == 1:
                names = _names(record)
            elif any(record):
                yield _row(number, names, [unguarded(cell) for cell in record])
    except csv.Error as error:
        raise UnreadableError(f"Row {number + 1} is not readable as CSV: {error}.") from error


def _xlsx(content: bytes) -> Iterator[Row]:
    unreadable = "This is no XLSX workbook that can be read."
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if "[Content_Types].xml" not in parts.namelist():
                raise UnreadableError(unreadable)
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise UnreadableError("The workbook holds too much. Send it in parts.")
        book = load_workbook(BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        names: list[str] = []
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number == 1:
                names = _names(_without_end(values))
            elif cells := _without_end(values):
                yield _row(number, names, [getattr(cell, "text", cell) for cell in cells])
        book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, OSError, EOFError,
        AttributeError, TypeError, NotImplementedError, zlib.error,
    ) as error:  # fmt: skip
        raise UnreadableError(unreadable) from error


def _without_end(values: tuple[Any, ...]) -> list[Any]:
    """Without the empty cells at the end, which a spreadsheet keeps wherever something once stood."""
    cells = list(values)
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells


def _names(cells: list[Any]) -> list[str]:
    names = [str(cell if cell is not None else "").strip() for cell in cells]
    if not any(names):
        raise UnreadableError("The first row has to name the columns.")
    if len(names) > _MOST_COLUMNS:
        raise UnreadableError(f"The first row names more than {_MOST_COLUMNS} columns.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise UnreadableError(f"The first row names a column twice: {', '.join(twice)}.")
    return names


def _row(number: int, names: list[str], cells: list[Any]) -> Row:
    """Cells beyond the last column are kept under no name, to be complained of."""
    known = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    beyond = [cell for place, cell in enumerate(cells) if (place >= len(names) or not names[place]) and cell]
    known |= {name: "" for name in names[len(cells) :] if name}
    return Row(number, known | ({"": beyond} if beyond else {}))


def _json(text: str) -> Iterator[Row]:
    try:
        entries = json.loads(text, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"The file is not readable as JSON: {error}.") from error
    if not isinstance(entries, list):
        raise UnreadableError("In JSON the file is a list of rows, each with its columns by name.")
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise UnreadableError(f"Row {number} is no row: in JSON each has its columns by name.")
        yield Row(number, entry)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")

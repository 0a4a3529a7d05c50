"""Rows as CSV, XLSX or JSON. No spreadsheet runs anything in them, and every value comes back as it was."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from accounts.spreadsheets import BOM, guarded
from roles.exchange.columns import Columns
from roles.exchange.keys import Keys
from roles.exchange.values import Plain, as_text
from roles.models.base import CatalogModel

# What a cell of a workbook can hold.
_LONGEST = 32_767
_TEXT = "@"
_WIDTH = 24


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"

    @property
    def label(self) -> str:
        return {Format.CSV: "CSV", Format.XLSX: "XLSX (Excel and others)", Format.JSON: "JSON"}[self]

    @property
    def content_type(self) -> str:
        return {
            Format.CSV: "text/csv; charset=utf-8",
            Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format.JSON: "application/json",
        }[self]


class NotWritableError(Exception):
    """A row does not fit into the format: the message says which, why, and what does."""


def written(columns: Columns, rows: Any, format: Format) -> bytes:
    """A file with what the rows of a queryset say. Raises NotWritableError."""
    states = columns.states(rows, Keys())
    match format:
        case Format.CSV:
            return _csv(columns, states)
        case Format.XLSX:
            return _xlsx(columns, states)
        case Format.JSON:
            return json.dumps(list(states), indent=2, ensure_ascii=False).encode()


def _csv(columns: Columns, states: Iterable[dict[str, Any]]) -> bytes:
    text = StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(columns.fields)
    for cells in _cells(columns, states):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode()


def _xlsx(columns: Columns, states: Iterable[dict[str, Any]]) -> bytes:
    names = list(columns.fields)
    # All of it is looked at before the workbook is begun, which cannot be left half written.
    rows = list(_cells(columns, states))
    for number, cells in enumerate(rows, start=2):
        for name, value in zip(names, cells, strict=True):
            _check(value, f"row {number}, {name}")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(columns.model._meta.verbose_name_plural)[:31])
    sheet.freeze_panes = "A2"
    for place in range(1, len(names) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    head = [WriteOnlyCell(sheet, name) for name in names]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for cells in rows:
        sheet.append([_cell(sheet, value) for value in cells])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _check(value: str | int, place: str) -> None:
    if isinstance(value, int):
        return
    if len(value) > _LONGEST:
        raise NotWritableError(f"{place}: a cell of XLSX holds {_LONGEST:,} characters at most. Take CSV or JSON.")
    if ILLEGAL_CHARACTERS_RE.search(value):
        raise NotWritableError(f"{place}: there is a character in it that XLSX cannot hold. Take CSV or JSON.")


def _cell(sheet: Any, value: str | int) -> WriteOnlyCell:
    """Texts are marked as texts, to the program that opens the file and to the person who edits a cell."""
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet)
    cell.value = value
    cell.data_type = "s"
    cell.number_format = _TEXT
    cell.quotePrefix = True
    if "\n" in value:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cells(columns: Columns, states: Iterable[dict[str, Any]]) -> Iterator[list[str | int]]:
    many = set(columns.many)
    for state in states:
        yield [_in_cell(value, keys=name in many) for name, value in state.items()]


def _in_cell(value: Plain, *, keys: bool) -> str | int:
    return value if isinstance(value, int) and not isinstance(value, bool) else as_text(value, keys=keys)


def file_name(model: type[CatalogModel], format: Format) -> str:
    return f"{str(model._meta.verbose_name_plural).replace(' ', '-')}.{format}"

"""Files as people send them: what they are, and what is refused as a whole."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from roles.exchange import reading
from roles.exchange.reading import Row, UnreadableError, read
from roles.exchange.writing import Format


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableError) as error:
        read(content)
    return str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"slug,name\r\na,One\r\n\r\nb,Two",
        b"\xef\xbb\xbfslug;name\na;One\n;\nb;Two\n",
        "slug\tname\na\tOne\n\nb\tTwo\n".encode("utf-16"),
    ],
    ids=["comma", "semicolon and mark", "tab in UTF-16"],
)
def test_csv_as_programs_write_it(content):
    assert read(content) == (Format.CSV, [Row(2, {"slug": "a", "name": "One"}), Row(4, {"slug": "b", "name": "Two"})])


def test_rows_keep_the_number_that_a_spreadsheet_shows(db):
    format, rows = read(workbook(["slug", "name"], ["a", "One"], [], ["b", None, None, None]))
    assert (format, [row.number for row in rows]) == (Format.XLSX, [2, 4])
    assert rows[1].cells == {"slug": "b", "name": ""}


def test_formulas_of_a_workbook_are_read_as_text():
    _, (row,) = read(workbook(["slug", "level", "name"], ["=A1&B1", 3, datetime(2026, 1, 5)]))
    assert row.cells == {"slug": "=A1&B1", "level": 3, "name": datetime(2026, 1, 5)}


def test_json_is_a_list_of_rows():
    assert read(b' [{"slug": "a", "weeks": 2.5}]') == (Format.JSON, [Row(1, {"slug": "a", "weeks": "2.5"})])
    assert "list of rows" in refused(b'{"slug": "a"}')
    assert "Row 1 is no row" in refused(b"[3]")
    assert "not readable as JSON" in refused(b'[{"slug": ]')
    assert "not readable as JSON" in refused(b'[{"slug": NaN}]')
    assert "not readable as JSON" in refused(b"[" * 100_000)


def test_what_it_is_says_its_content():
    assert "UTF-8" in refused(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    assert "no XLSX workbook" in refused(b"PK\x03\x04 and nothing else")
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
    assert "no XLSX workbook" in refused(other.getvalue())
    whole = workbook(["slug"], ["a"])
    assert "no XLSX workbook" in refused(whole[: len(whole) // 2])


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/worksheets/sheet1.xml", " " * (101 * 1024**2))
    assert len(bomb.getvalue()) < reading.MOST_BYTES
    assert "holds too much" in refused(bomb.getvalue())


def test_a_file_says_its_columns_once_and_has_rows(monkeypatch):
    assert "a column twice: slug" in refused(b"slug,slug\na,b")
    assert "no rows" in refused(b"slug,name\n")
    assert "name the columns" in refused(b",\na,b")
    assert "Row 2 is not readable as CSV" in refused(b'slug\n"a"b\n')
    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    assert "more than 1 rows" in refused(b"slug\na\nb\n")


def test_a_file_that_is_too_large_is_not_looked_into():
    assert "larger than 10 MB" in refused(b"x" * (reading.MOST_BYTES + 1))

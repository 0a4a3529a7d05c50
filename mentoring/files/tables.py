"""CSV: plain UTF-8 text that reads as a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import IO

from mentoring.files.refusing import RefusedFileError

MOST_ROWS = 1_000_000
MOST_COLUMNS = 1000

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')


def check(source: IO[bytes], *, named_csv: bool) -> None:
    """Refuse what is no table. One column, or rows of different length, are one only where the name says so."""
    source.seek(0)
    while chunk := source.read(_CHUNK):
        if _CONTROL.search(chunk):
            raise RefusedFileError("This is neither a text nor another kind of file that is taken.")
    lengths: set[int] = set()
    rows = 0
    try:
        with table(source) as found:
            for row in found:
                rows += 1
                if len(row) > MOST_COLUMNS or rows > MOST_ROWS:
                    raise RefusedFileError(
                        f"The table is too large: at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns are taken."
                    )
                if row:
                    lengths.add(len(row))
    except UnicodeDecodeError as error:
        raise RefusedFileError("The text is not in UTF-8. Save it as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise RefusedFileError(
            "The table cannot be read: a cell is very long, so a quotation mark may be missing. Save it as CSV anew."
        ) from error
    if not lengths:
        raise RefusedFileError("The table is empty.")
    if not named_csv and (len(lengths) > 1 or lengths == {1} or rows < 2):
        raise RefusedFileError("This is a text, not a table. Paste it as a note, or save it as PDF.")


@contextmanager
def table(source: IO[bytes]) -> Iterator[Iterator[list[str]]]:
    """The rows, by the delimiter of the first line. The csv module's own limit holds for the length of a cell."""
    source.seek(0)
    text = TextIOWrapper(source, encoding="utf-8-sig", newline="")
    try:
        delimiter = _delimiter(text.read(10_000))
        text.seek(0)
        yield csv.reader(text, delimiter=delimiter)
    finally:
        # Else closing the text would close what it reads from.
        text.detach()


def _delimiter(beginning: str) -> str:
    first = next((line for line in _QUOTED.sub("", beginning).splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=first.count)

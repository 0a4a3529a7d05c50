"""What of a file is shown on a page: text, tables and listings, always in part, with the whole told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from mentoring.files import archives, documents, notebooks, pictures, tables
from mentoring.files.refusing import RefusedFileError
from mentoring.models.evidence import FileKind

MOST_ROWS = 100
MOST_COLUMNS = 30
MOST_CELLS = 150
MOST_ENTRIES = 300
LONGEST_FIELD = 300
LONGEST_CODE = 20_000
LONGEST_OUTPUT = 3000
MOST_OUTPUTS = 20
# A page holds no more text of one notebook than this.
LONGEST_NOTEBOOK = 400_000

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKDOWN = {"markdown", "heading", "html"}


@dataclass(frozen=True, slots=True)
class Output:
    """What a code cell gave: its text, or the name of what is not shown."""

    text: str = ""
    left_out: int = 0  # characters
    unshown: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    number: int
    is_code: bool
    is_markdown: bool
    text: str
    left_out: int = 0  # characters
    outputs: tuple[Output, ...] = ()
    outputs_left_out: int = 0


@dataclass(frozen=True, slots=True)
class FileView:
    """One kind of these is made for each file; `kind` says which, `problem` that it cannot be read after all."""

    kind: FileKind
    name: str
    problem: str = ""
    cells: tuple[Cell, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    entries: tuple[archives.Entry, ...] = ()
    # Of all there is: cells, rows without the header, or files and folders.
    total: int = 0
    total_columns: int = 0
    unpacked: int = 0  # bytes
    width: int = 0
    height: int = 0
    pages: int | None = None

    @property
    def shown(self) -> int:
        return len(self.cells) or len(self.rows) or len(self.entries)

    @property
    def shown_columns(self) -> int:
        return len(self.header)

    @property
    def is_picture(self) -> bool:
        return self.kind in (FileKind.PNG, FileKind.JPEG)


def view_of(source: IO[bytes], *, kind: str, name: str, size: int) -> FileView:
    """What a page shows of an inspected file. Never raises for what is inside."""
    kind = FileKind(kind)
    try:
        match kind:
            case FileKind.IPYNB:
                return _notebook(source, name)
            case FileKind.CSV:
                return _table(source, name)
            case FileKind.ZIP:
                return _listing(source, name, size)
            case FileKind.PDF:
                return FileView(kind, name, pages=documents.pages(source))
            case FileKind.WEBM | FileKind.OGG | FileKind.MP4:
                return FileView(kind, name, problem="It is sound: listen to it where it was handed in.")
            case _:
                width, height = pictures.size_of(source)
                return FileView(kind, name, width=width, height=height)
    except (RefusedFileError, ValueError, OSError) as error:
        reason = error.reason if isinstance(error, RefusedFileError) else "The file cannot be shown here."
        return FileView(kind, name, problem=reason)


def lines_of(source: IO[bytes], *, kind: str) -> list[str]:
    """A notebook or table as lines, to be compared with another; no outputs, which change with every run."""
    if kind == FileKind.IPYNB:
        return [
            line
            for number, cell in enumerate(notebooks.load(source), 1)
            for line in (f"# cell {number}: {cell['cell_type']}", *_source(cell).splitlines(), "")
        ]
    if kind == FileKind.CSV:
        source.seek(0)
        # By the same reader as the table, up to more than is compared.
        return [showable(line) for line in source.read(1 << 20).decode("utf-8-sig", "replace").splitlines()]
    raise ValueError("Only notebooks and tables are compared by line.")


def showable(text: str) -> str:
    """Without what has no place in HTML, or turns the direction of what follows."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _notebook(source: IO[bytes], name: str) -> FileView:
    found = notebooks.load(source)
    cells: list[Cell] = []
    length = 0
    for number, raw in enumerate(islice(found, MOST_CELLS), 1):
        cell = _cell(number, raw)
        length += len(cell.text) + sum(len(output.text) for output in cell.outputs)
        if length > LONGEST_NOTEBOOK:
            break
        cells.append(cell)
    return FileView(FileKind.IPYNB, name, cells=tuple(cells), total=len(found))


def _cell(number: int, raw: dict[str, Any]) -> Cell:
    text = _source(raw)
    outputs = tuple(_output(output) for output in raw.get("outputs", [])[:MOST_OUTPUTS])
    return Cell(
        number,
        raw["cell_type"] == "code",
        raw["cell_type"] in _MARKDOWN,
        text[:LONGEST_CODE],
        max(0, len(text) - LONGEST_CODE),
        outputs,
        max(0, len(raw.get("outputs", [])) - MOST_OUTPUTS),
    )


def _source(raw: dict[str, Any]) -> str:
    return showable(_joined(raw.get("source", raw.get("input", ""))))


def _output(raw: dict[str, Any]) -> Output:
    """Text as it is, tracebacks without their colors, everything else by name."""
    data = raw.get("data", raw)
    data = data if isinstance(data, dict) else {}
    is_error = raw.get("output_type") in ("error", "pyerr")
    for value in (raw.get("traceback"), raw.get("text"), data.get("text/plain")):
        if value and notebooks.is_text(value):
            separator = "\n" if is_error else ""
            text = showable(_ANSI.sub("", _joined(value, separator)))
            unshown = _unshown(data) if not is_error else ""
            return Output(text[:LONGEST_OUTPUT], max(0, len(text) - LONGEST_OUTPUT), unshown, is_error)
    return Output(unshown=_unshown(data) or "Output without text", is_error=is_error)


def _unshown(data: dict[str, Any]) -> str:
    """The name of the picture, or else of the richest form, beside the text."""
    kinds = sorted(
        (kind for kind in data if "/" in kind and kind != "text/plain"), key=lambda kind: kind[:6] != "image/"
    )
    if not kinds:
        return ""
    kind = showable(kinds[0])[:60]
    return f"Image ({kind.removeprefix('image/').upper()})" if kind.startswith("image/") else f"Output as {kind}"


def _joined(value: str | list[str], separator: str = "") -> str:
    return value if isinstance(value, str) else separator.join(value)


def _table(source: IO[bytes], name: str) -> FileView:
    total, columns = 0, 0
    rows: list[tuple[str, ...]] = []
    with tables.table(source) as found:
        for row in found:
            if not row:
                continue
            columns = max(columns, len(row))
            if total <= MOST_ROWS:
                rows.append(tuple(_field(value) for value in row[:MOST_COLUMNS]))
            total += 1
    width = min(columns, MOST_COLUMNS)
    # Rows of equal length, so that cells stand under their headings.
    header, *body = [(*row, *[""] * (width - len(row))) for row in rows] or [()]
    return FileView(FileKind.CSV, name, header=header, rows=tuple(body), total=max(0, total - 1), total_columns=columns)


def _field(value: str) -> str:
    return showable(value if len(value) <= LONGEST_FIELD else f"{value[:LONGEST_FIELD]}…")


def _listing(source: IO[bytes], name: str, size: int) -> FileView:
    found = archives.entries(source, size)
    return FileView(
        FileKind.ZIP,
        name,
        entries=tuple(found[:MOST_ENTRIES]),
        total=len(found),
        unpacked=sum(entry.size for entry in found),
    )

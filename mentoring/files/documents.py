"""PDF files: whole, not locked, and without what acts by itself. No reader of PDF: names are looked for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO

from mentoring.files.refusing import RefusedFileError

MAGIC = b"%PDF-"

_VERSION = re.compile(rb"%PDF-[12]\.\d[\x00\t\n\f\r %]")
_END = b"%%EOF"
_TAIL = 2048
_SPACE = b"\0\t\n\f\r "
# Objects may stand compressed in streams; this much of them is looked through.
_MOST_OBJECTS = 32 << 20
_MOST_STREAMS = 4000
_MOST_SPELLED = 10_000
_CHUNK = 1 << 14

_STREAM = re.compile(rb"(?<!end)stream\r?[\n\r]")
_ACTS = re.compile(rb"/(Encrypt|JavaScript|Launch|Rendition|RichMedia|XFA)(?=[\x00\t\n\f\r /<>\[\](){}%]|\Z)")
# A name may spell any letter by its number: /J#61vaScript.
_SPELLED = re.compile(rb"#(4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])")
_UNUSUAL = re.compile(rb"/(?:ASCIIHexDecode|ASCII85Decode|LZWDecode|RunLengthDecode|Crypt|Predictor)")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")

_REASONS = {
    b"Encrypt": "The PDF is locked or restricted by a password. Export it without one.",
    b"JavaScript": "The PDF holds JavaScript. Print it to a new PDF, which leaves scripts out.",
    b"Launch": "The PDF can start programs. Print it to a new PDF, which leaves that out.",
    b"Rendition": "The PDF plays media by script. Print it to a new PDF, which leaves that out.",
    b"RichMedia": "The PDF holds media that play by script. Print it to a new PDF, which leaves them out.",
    b"XFA": "The PDF is a form with scripts. Print it to a new PDF, which leaves them out.",
}
_BROKEN = "The PDF is damaged or cut off. Export it anew."


def check(source: IO[bytes]) -> None:
    """Refuse what is not one whole, open and passive PDF."""
    raw = _whole(source)
    if not _VERSION.match(raw):
        raise RefusedFileError(_BROKEN)
    tail = raw[-_TAIL:].rstrip(_SPACE)
    if not tail.endswith(_END):
        cut = _END in raw
        raise RefusedFileError("Something stands behind the end of the PDF. Export it anew." if cut else _BROKEN)
    if b"startxref" not in tail or b" obj" not in raw:
        raise RefusedFileError(_BROKEN)
    _refuse_acting(raw)
    for objects in _packed(raw):
        _refuse_acting(objects)


def pages(source: IO[bytes]) -> int | None:
    """How many pages it has; None where later versions stand in the same file, so that counting misleads."""
    raw = _whole(source)
    # A file made for quick viewing has two ends, each further version one more.
    if raw.count(_END) > (2 if b"/Linearized" in raw[:_TAIL] else 1):
        return None
    try:
        return len(_PAGE.findall(raw)) + sum(len(_PAGE.findall(objects)) for objects in _packed(raw)) or None
    except RefusedFileError:
        return None


def _whole(source: IO[bytes]) -> bytes:
    source.seek(0)
    return source.read()


def _refuse_acting(data: bytes) -> None:
    if found := _ACTS.search(_plainly_spelled(data)):
        raise RefusedFileError(_REASONS[found[1]])


def _plainly_spelled(data: bytes) -> bytes:
    if b"#" not in data:
        return data
    plain, count = _SPELLED.subn(lambda found: bytes((int(found[1], 16),)), data, _MOST_SPELLED + 1)
    if count > _MOST_SPELLED:
        raise RefusedFileError("The PDF is written in a way that cannot be checked. Print it to a new PDF.")
    return plain


def _packed(raw: bytes) -> Iterator[bytes]:
    """What is in the streams that may hold objects. Every word `stream` counts, inside other streams too."""
    left, seen, began = _MOST_OBJECTS, 0, 0
    for word in _STREAM.finditer(raw):
        before = raw[began : word.start()]
        began = word.end()
        # Only streams of objects say where the first one begins; outlines say /First too, which costs little.
        if b"/First" not in before and b"/ObjStm" not in before:
            before = _plainly_spelled(before)
            if b"/First" not in before:
                continue
        seen += 1
        if b"/ObjStm" in before and _UNUSUAL.search(before):
            raise RefusedFileError(
                "Parts of the PDF are packed in a way that cannot be checked. Print it to a new PDF."
            )
        objects = _inflated(raw, began, left)
        left -= len(objects)
        if left <= 0 or seen > _MOST_STREAMS:
            raise RefusedFileError("The PDF unpacks to far more than its size. Print it to a new PDF.")
        yield objects


def _inflated(raw: bytes, start: int, most: int) -> bytes:
    """What comes out from here on, as far as it goes: readers too take what they get of a damaged stream."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    view = memoryview(raw)
    try:
        while not unpacker.eof and most > 0 and start < len(raw):
            chunk: bytes | memoryview = view[start : start + _CHUNK]
            start += _CHUNK
            while chunk and most > 0:
                part = unpacker.decompress(chunk, most)
                parts.append(part)
                most -= len(part)
                chunk = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return b"".join(parts)

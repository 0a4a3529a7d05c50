"""Whether a file may be evidence, judged by its content. Strict: what is two things at once is not taken."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from django.core.files import File

from mentoring.files import archives, documents, names, notebooks, pictures, tables
from mentoring.files.refusing import RefusedFileError
from mentoring.models.evidence import LARGEST_FILE, FileKind

__all__ = [
    "CONTENT_TYPES",
    "ENDINGS_TAKEN",
    "Inspected",
    "RefusedFileError",
    "inspect",
    "refuse_archive",
    "refuse_markup",
]

CONTENT_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.IPYNB: "application/x-ipynb+json",
    FileKind.ZIP: "application/zip",
}
# For the attribute `accept` of a file field.
ENDINGS_TAKEN = ",".join(f".{ending}" for endings in names.ENDINGS.values() for ending in endings)

_TAKEN = "Evidence is a PDF, a PNG or JPEG image, a CSV table, a notebook (.ipynb) or a ZIP archive."
_CHUNK = 1 << 16
_HEAD = 1024
# Where programs that unpack archives look for the end of one: the longest comment and the record before it.
_TAIL = 65_557

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "This is a program."),
    (b"\x7fELF", "This is a program."),
    (b"\xca\xfe\xba\xbe", "This is a program."),
    (b"\xfe\xed\xfa", "This is a program."),
    (b"\xce\xfa\xed\xfe", "This is a program."),
    (b"\xcf\xfa\xed\xfe", "This is a program."),
    (b"\0asm", "This is a program."),
    (b"#!", "This is a script. Put it into a ZIP archive."),
    (b"PK\x05\x06", "The ZIP archive is empty."),
    (b"\x1f\x8b", "This is an archive of another kind. Pack the files as ZIP."),
    (b"BZh", "This is an archive of another kind. Pack the files as ZIP."),
    (b"7z\xbc\xaf", "This is an archive of another kind. Pack the files as ZIP."),
    (b"Rar!", "This is an archive of another kind. Pack the files as ZIP."),
    (b"\xfd7zXZ", "This is an archive of another kind. Pack the files as ZIP."),
    (b"GIF8", "This is an image of another kind. Save it as PNG or JPEG."),
    (b"RIFF", "This is an image, sound or film of another kind. Save an image as PNG or JPEG."),
    (b"II*\0", "This is an image of another kind. Save it as PNG or JPEG."),
    (b"MM\0*", "This is an image of another kind. Save it as PNG or JPEG."),
    (b"\xd0\xcf\x11\xe0", "This is an Office document. Save it as PDF, or a sheet as CSV."),
    (b"{\\rtf", "This is a text document. Save it as PDF."),
    (b"%!PS", "This is PostScript. Save it as PDF."),
    (b"\xff\xfe", "The text is not in UTF-8. Save it as “CSV UTF-8”."),
    (b"\xfe\xff", "The text is not in UTF-8. Save it as “CSV UTF-8”."),
)
# What makes a browser that guesses take a text for a page.
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<iframe", b"<object", b"<embed", b"<?php")


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be evidence. `note` says when its name was given another ending than it came with."""

    kind: FileKind
    name: str
    size: int
    sha256: str
    content_type: str
    note: str = ""


def inspect(upload: File[bytes], *, name: str) -> Inspected:
    """What the file is, or RefusedFileError. It is left at its beginning, ready to be stored."""
    names.refuse_runnable(name)
    size, digest = _measured(upload)
    try:
        kind = _kind(upload, size, name)
    finally:
        upload.seek(0)
    shown = names.cleaned(name, kind)
    note = "" if names.says(name, kind) else f"By its content it is a {kind.label}, so it is called “{shown}” now."
    return Inspected(kind, shown, size, digest, CONTENT_TYPES[kind], note)


def _measured(upload: File[bytes]) -> tuple[int, str]:
    """Size and SHA-256, without reading further than a file may be long."""
    size, digest = 0, sha256()
    upload.seek(0)
    while chunk := upload.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST_FILE:
            raise RefusedFileError(f"The file is larger than {LARGEST_FILE >> 20} MB, the most that a file may have.")
        digest.update(chunk)
    if not size:
        raise RefusedFileError("The file is empty.")
    return size, digest.hexdigest()


def _kind(source: IO[bytes], size: int, name: str) -> FileKind:
    source.seek(0)
    head = source.read(_HEAD)
    if head.startswith(archives.MAGIC):
        archives.check(source, size)
        return FileKind.ZIP
    if head.startswith(documents.MAGIC):
        refuse_archive(source, size)
        refuse_markup(head)
        documents.check(source)
        return FileKind.PDF
    if head.startswith(pictures.PNG):
        refuse_archive(source, size)
        pictures.check_png(source, size)
        return FileKind.PNG
    if head.startswith(pictures.JPEG):
        refuse_archive(source, size)
        pictures.check_jpeg(source)
        return FileKind.JPEG
    return _kind_of_text(source, head, name)


def _kind_of_text(source: IO[bytes], head: bytes, name: str) -> FileKind:
    for magic, reason in _OTHERS:
        if head.startswith(magic):
            raise RefusedFileError(f"{reason} {_TAKEN}")
    if documents.MAGIC in head:
        raise RefusedFileError("Something stands before the beginning of the PDF. Export it anew.")
    if head[4:8] == b"ftyp":
        raise RefusedFileError(f"This is an image or film of another kind. Save an image as PNG or JPEG. {_TAKEN}")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        raise RefusedFileError(f"This is a web page, an SVG or another XML file. {_TAKEN}")
    refuse_markup(head)
    if text.startswith(b"{"):
        notebooks.check(source)
        return FileKind.IPYNB
    if names.says(name, FileKind.IPYNB):
        raise RefusedFileError("The name says notebook, but the content is none.")
    tables.check(source, named_csv=names.says(name, FileKind.CSV))
    return FileKind.CSV


def refuse_markup(head: bytes) -> None:
    """A file that begins as a web page does."""
    lowered = head.lower()
    if any(tag in lowered for tag in _MARKUP):
        raise RefusedFileError("It begins as a web page or a script does, so a browser might run it.")


def refuse_archive(source: IO[bytes], size: int) -> None:
    """A document that is an archive too: the end record near the end, and somewhere an entry of its directory."""
    source.seek(max(0, size - _TAIL))
    if b"PK\x05\x06" not in source.read(_TAIL):
        return
    source.seek(0)
    last = b""
    while chunk := source.read(_CHUNK):
        if b"PK\x01\x02" in last + chunk:
            raise RefusedFileError("The file is a ZIP archive at the same time. Export it anew, without attachments.")
        last = chunk[-3:]

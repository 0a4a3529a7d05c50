"""Files as learners bring them, and files as attackers make them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from functools import cache

from django.core.files.base import ContentFile
from PIL import Image

MB = 1 << 20


def upload(content: bytes) -> ContentFile:
    return ContentFile(content)


def pdf(*objects: bytes, version: bytes = b"1.7", trailer: bytes = b"") -> bytes:
    """A small PDF of one page, with further objects."""
    body = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
    for number, content in enumerate(objects, 4):
        body += b"%d 0 obj%sendobj\n" % (number, content)
    return body + b"trailer<</Root 1 0 R" + trailer + b">>\nstartxref\n9\n%%EOF\n"


def stream(content: bytes, dictionary: bytes = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode") -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d%s>>stream\n%s\nendstream\n" % (len(packed), dictionary, packed)


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    made = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(made, kind, **options)
    return made.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int, rows: bytes, color: int = 0, depth: int = 8) -> bytes:
    """A PNG of any header and any rows, whether they fit together or not."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for name, content in files.items():
            entry = zipfile.ZipInfo("x")
            entry.filename = name  # as it is: the constructor would mend it
            entry.compress_type = method
            opened.writestr(entry, content)
    return made.getvalue()


def link(name: str, target: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o120777 << 16
        opened.writestr(entry, target)
    return made.getvalue()


@cache
def overlapping(entries: int = 200, size: int = MB) -> bytes:
    """Many entries of the directory that lead to one and the same content."""
    one = archive({"a": bytes(size)})
    end = one.rindex(b"PK\x05\x06")
    start = one.index(b"PK\x01\x02")
    entry = one[start:end]
    directory = b"".join(entry[:46] + b"%c" % (97 + each % 26) + entry[47:] for each in range(entries))
    return (
        one[:start] + directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, entries, entries, len(directory), start, 0)
    )


def notebook(*cells: dict, **more: object) -> bytes:
    cells = cells or ({"cell_type": "markdown", "metadata": {}, "source": ["# Readmission\n", "What it is."]},)
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}).encode()


def code(source: str, *outputs: dict) -> dict:
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source, "outputs": list(outputs)}


def nested(depth: int) -> bytes:
    inside = b"[" * depth + b"]" * depth
    return b'{"nbformat":4,"metadata":{"x":' + inside + b'},"cells":[{"cell_type":"code","source":""}]}'


CSV = b"patient_days,readmitted\n3,0\n12,1\n"

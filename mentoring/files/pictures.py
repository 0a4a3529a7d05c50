"""PNG and JPEG: one whole picture from the first byte to the last, of a size that can be shown."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import IO

from PIL import Image

from mentoring.files.refusing import RefusedFileError

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 20_000

_MOST_UNPACKED = 200 << 20
# Honest images have some hundred parts; each takes a turn, however short it is.
_MOST_PARTS = 10_000
_CHUNK = 1 << 16
_BROKEN = "The image is damaged or cut off. Save it anew."
_BEHIND = (
    "Something stands behind the end of the image, as in moving photos. Save it anew, or take a picture of the screen."
)

# Bits of one pixel by color type and depth, as the standard allows them.
_BITS = {
    (0, 1): 1, (0, 2): 2, (0, 4): 4, (0, 8): 8, (0, 16): 16,
    (2, 8): 24, (2, 16): 48,
    (3, 1): 1, (3, 2): 2, (3, 4): 4, (3, 8): 8,
    (4, 8): 16, (4, 16): 32,
    (6, 8): 32, (6, 16): 64,
}  # fmt: skip
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
# Interlaced: where each of seven passes begins and how far it steps, across and down.
_PASSES = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))

_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
# Each scan of a progressive image passes over all of it again; cameras and programs write about ten.
_MOST_SCANS = 30
# All scans together: what a computer decodes in about a second.
_MOST_SCANNED = 400_000_000


@dataclass(slots=True)
class _PngData:
    """The compressed rows, unpacked only to be counted."""

    left: int
    unpacker: zlib._Decompress = field(default_factory=zlib.decompressobj)

    def take(self, part: bytes) -> None:
        try:
            while part and not self.unpacker.eof:
                unpacked = len(self.unpacker.decompress(part, _CHUNK * 4))
                self.left -= unpacked
                if self.left < 0:
                    raise RefusedFileError("The image unpacks to more than its size says. Save it anew.")
                part = self.unpacker.unconsumed_tail
        except zlib.error as error:
            raise RefusedFileError(_BROKEN) from error
        if part or self.unpacker.unused_data:
            raise RefusedFileError(_BEHIND)


def check_png(source: IO[bytes], size: int) -> None:
    """Refuse what is not exactly one whole PNG; never holds more than a piece of it."""
    source.seek(len(PNG))
    data: _PngData | None = None
    for _ in range(_MOST_PARTS):
        head = source.read(8)
        if len(head) < 8:
            raise RefusedFileError(_BROKEN)
        length, kind = struct.unpack(">I4s", head)
        if not kind.isalpha() or (kind not in _CRITICAL and kind[:1].isupper()) or (data is None) != (kind == b"IHDR"):
            raise RefusedFileError(_BROKEN)
        if source.tell() + length + 4 > size:
            raise RefusedFileError(_BROKEN)
        if data is None:
            if length != 13:
                raise RefusedFileError(_BROKEN)
            data = _PngData(_unpacked_length(source.read(13)))
            source.seek(-13, 1)
        _pass_over(source, kind, length, data)
        if kind == b"IEND":
            break
    if data is None or kind != b"IEND":
        raise RefusedFileError(_BROKEN)
    if source.tell() != size:
        raise RefusedFileError(_BEHIND)
    if data.left or not data.unpacker.eof:
        raise RefusedFileError(_BROKEN)
    _refuse_unreadable(source, "PNG")


def _pass_over(source: IO[bytes], kind: bytes, length: int, data: _PngData) -> None:
    crc = zlib.crc32(kind)
    while length:
        part = source.read(min(length, _CHUNK))
        length -= len(part)
        crc = zlib.crc32(part, crc)
        if kind == b"IDAT":
            data.take(part)
    if source.read(4) != crc.to_bytes(4):
        raise RefusedFileError(_BROKEN)


def _unpacked_length(header: bytes) -> int:
    width, height, depth, color, compression, filters, interlaced = struct.unpack(">IIBBBBB", header)
    _refuse_large(width, height)
    bits = _BITS.get((color, depth))
    if bits is None or compression or filters or interlaced > 1:
        raise RefusedFileError(_BROKEN)
    sizes = [(width, height)]
    if interlaced:
        sizes = [((width - x + dx - 1) // dx, (height - y + dy - 1) // dy) for x, dx, y, dy in _PASSES]
    # Each row has a byte more, which names its filter.
    length = sum(down * (1 + (across * bits + 7) // 8) for across, down in sizes if across and down)
    if length > _MOST_UNPACKED:
        raise RefusedFileError("The image has more colors than are of use at this size. Save it with 8 bits a channel.")
    return int(length)


def check_jpeg(source: IO[bytes]) -> None:
    """Refuse what is not exactly one whole JPEG."""
    source.seek(0)
    raw = source.read()
    place, pixels, scans = 2, 0, 0
    for _ in range(_MOST_PARTS):
        if raw[place : place + 1] != b"\xff":
            raise RefusedFileError(_BROKEN)
        marker, length = raw[place + 1] if place + 1 < len(raw) else 0, int.from_bytes(raw[place + 2 : place + 4])
        if marker == 0xFF:  # padding
            place += 1
            continue
        place += 2
        if marker == 0xD9:
            break
        if marker < 0xC0 or 0xD0 <= marker <= 0xD8 or length < 2:
            raise RefusedFileError(_BROKEN)
        if marker in _OTHER_FRAMES or (marker in _FRAMES and pixels):
            raise RefusedFileError("The JPEG is of a rare kind. Save it anew.")
        if marker in _FRAMES:
            pixels = _pixels_of_frame(raw[place : place + 8])
        place += length
        if marker == 0xDA:
            scans += 1
            place = _end_of_scan(raw, place, scans=scans, pixels=pixels)
    else:
        raise RefusedFileError(_BROKEN)
    if place != len(raw):
        raise RefusedFileError(_BEHIND)
    if not (pixels and scans):
        raise RefusedFileError(_BROKEN)
    _refuse_unreadable(source, "JPEG")


def _end_of_scan(raw: bytes, place: int, *, scans: int, pixels: int) -> int:
    if scans > _MOST_SCANS or scans * pixels > _MOST_SCANNED:
        raise RefusedFileError("The JPEG is made in too many passes. Save it anew.")
    found = _MARKER.search(raw, place)
    if found is None:
        raise RefusedFileError(_BROKEN)
    return found.start()


def _pixels_of_frame(frame: bytes) -> int:
    if len(frame) < 8:
        raise RefusedFileError(_BROKEN)
    height, width = struct.unpack(">HH", frame[3:7])
    _refuse_large(width, height)
    return int(width * height)


def _refuse_large(width: int, height: int) -> None:
    if not width or not height:
        raise RefusedFileError(_BROKEN)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise RefusedFileError(
            f"The image has {width:,} × {height:,} pixels. At most {MOST_PIXELS // 1_000_000} million are taken, "
            f"and {LONGEST_SIDE:,} on a side. Save a smaller one."
        )


def _refuse_unreadable(source: IO[bytes], kind: str) -> None:
    """The library that will show it must read it. A JPEG is decoded, small; the rows of a PNG are counted already."""
    source.seek(0)
    try:
        with Image.open(source, formats=(kind,)) as image:
            if kind == "JPEG":
                image.draft("RGB", (image.width // 8, image.height // 8))
                image.load()
    except Exception as error:  # its readers raise whatever they stumble over
        raise RefusedFileError(_BROKEN) from error


def size_of(source: IO[bytes]) -> tuple[int, int]:
    """Width and height of an inspected picture."""
    source.seek(0)
    with Image.open(source, formats=("PNG", "JPEG")) as image:
        return image.size

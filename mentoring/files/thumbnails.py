"""Pictures for the page: drawn anew from their pixels, so that nothing else of the file reaches a browser."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO

from PIL import Image, ImageOps

LONGEST_SIDE = 1600
_QUALITY = 82
_SHRINKABLE = ("L", "LA", "RGB", "RGBA")
# A large one takes up to 200 MB for half a second; the rest of a process waits for its turn.
_turns = BoundedSemaphore(1)


class UndrawableError(Exception):
    """The picture is whole but its pixels make no sense."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    content: bytes
    content_type: str
    width: int
    height: int


def thumbnail(source: IO[bytes]) -> Thumbnail:
    """At most 1,600 pixels on a side, upright, without metadata. Of an inspected PNG or JPEG; stays of its kind."""
    source.seek(0)
    try:
        with _turns, Image.open(source, formats=("PNG", "JPEG")) as opened:
            kind, clean = opened.format, _clean(opened)
    except Exception as error:  # its readers raise whatever they stumble over
        raise UndrawableError from error
    drawn = BytesIO()
    if kind == "JPEG":
        clean.save(drawn, "JPEG", quality=_QUALITY)
        return Thumbnail(drawn.getvalue(), "image/jpeg", *clean.size)
    clean.save(drawn, "PNG", compress_level=4)
    return Thumbnail(drawn.getvalue(), "image/png", *clean.size)


def _clean(opened: Image.Image) -> Image.Image:
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    see_through = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
    drawn: Image.Image = opened
    if opened.mode.startswith("I"):  # 16 bits of gray, of which a screen shows 8
        drawn = opened.convert("I").point(lambda value: value / 256).convert("L")
    elif opened.mode not in _SHRINKABLE or "transparency" in opened.info:
        drawn = opened.convert("RGBA" if see_through else "RGB")
    # By whole pixels first, which is quicker and needs no second large copy.
    if (step := max(drawn.size) // LONGEST_SIDE) > 1:
        orientation = drawn.getexif()
        drawn = drawn.reduce(step)
        drawn.info["exif"] = orientation.tobytes()
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = ImageOps.exif_transpose(drawn)
    # A new image of the same pixels: color profiles, comments and places stay behind.
    clean = Image.new("RGBA" if see_through else "RGB", drawn.size)
    clean.paste(drawn.convert(clean.mode))
    return clean

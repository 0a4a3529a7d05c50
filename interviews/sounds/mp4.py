"""MP4, as Safari and Chromium record it: boxes in boxes; while it is recorded, in fragments of their own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from mentoring.files.refusing import RefusedFileError

MAGIC = b"ftyp"

_AT_THE_TOP = {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"sidx", b"mfra"}
_MOST_BOXES = 20_000
# Which optional fields a box of a fragment has: those before the ones that are read, and the size of each.
_BASE, _DESCRIPTION, _DURATION = 0x1, 0x2, 0x8
_OFFSET, _FIRST_FLAGS, _EACH_DURATION = 0x1, 0x4, 0x100
_EACH = (_EACH_DURATION, 0x200, 0x400, 0x800)

type Box = tuple[bytes, int, int]  # its name, where its content begins and ends


@dataclass(slots=True)
class _Movie:
    scale: int = 0  # units of time a second, of the sound
    seconds: float = 0.0
    default: int = 0  # how long a sample lasts where nothing else says so


def seconds_of(data: bytes) -> float:
    """How long it lasts. RefusedFileError for what is no sound from end to end."""
    movie, fragments = None, 0
    for name, start, end in _boxes(data, 0, len(data)):
        if name not in _AT_THE_TOP:
            raise RefusedFileError("Something stands beside the sound in this file.")
        if name == b"moov":
            movie = _movie(data, start, end)
        elif name == b"moof" and movie:
            fragments += sum(_lasts(data, each, movie.default) for each in _in(data, start, end, b"traf"))
    if movie is None:
        raise RefusedFileError("There is no sound in the recording.")
    return max(movie.seconds, fragments / movie.scale)


def _movie(data: bytes, start: int, end: int) -> _Movie:
    movie = _Movie()
    for track in _in(data, start, end, b"trak"):
        for _, inside, until in _in(data, track[1], track[2], b"mdia"):
            for _, handler, _ in _in(data, inside, until, b"hdlr"):
                if data[handler + 8 : handler + 12] != b"soun":
                    raise RefusedFileError("There is more than sound in this file.")
            for _, head, _ in _in(data, inside, until, b"mdhd"):
                movie.scale, length = _time(data, head)
                movie.seconds = max(movie.seconds, length / movie.scale if movie.scale else 0)
    for _, inside, until in _in(data, start, end, b"mvex"):
        for _, extends, _ in _in(data, inside, until, b"trex"):
            movie.default = struct.unpack_from(">I", data, extends + 12)[0]
    if not movie.scale:
        raise RefusedFileError("There is no sound in the recording.")
    return movie


def _time(data: bytes, head: int) -> tuple[int, int]:
    """Units a second, and how many there are."""
    scale, length = (
        struct.unpack_from(">IQ", data, head + 20) if data[head] else struct.unpack_from(">II", data, head + 12)
    )
    unknown = (1 << 64) - 1 if data[head] else (1 << 32) - 1
    return scale, 0 if length == unknown else length


def _lasts(data: bytes, fragment: Box, default: int) -> int:
    """How long the samples of a fragment last together, in the units of the sound."""
    total = 0
    for name, start, end in _boxes(data, fragment[1], fragment[2]):
        flags = int.from_bytes(data[start + 1 : start + 4])
        if name == b"tfhd" and flags & _DURATION:
            place = start + 8 + (8 if flags & _BASE else 0) + (4 if flags & _DESCRIPTION else 0)
            default = struct.unpack_from(">I", data, place)[0]
        elif name == b"trun":
            total += _run(data, start, end, flags, default)
    return total


def _run(data: bytes, start: int, end: int, flags: int, default: int) -> int:
    count = struct.unpack_from(">I", data, start + 4)[0]
    if not flags & _EACH_DURATION:
        return int(count * default)
    place = start + 8 + (4 if flags & _OFFSET else 0) + (4 if flags & _FIRST_FLAGS else 0)
    step = 4 * sum(bool(flags & each) for each in _EACH)
    if place + count * step > end:
        raise RefusedFileError("The recording is cut off or damaged.")
    return sum(struct.unpack_from(">I", data, place + number * step)[0] for number in range(count))


def _in(data: bytes, start: int, end: int, wanted: bytes) -> list[Box]:
    return [each for each in _boxes(data, start, end) if each[0] == wanted]


def _boxes(data: bytes, place: int, end: int) -> Iterator[Box]:
    """The boxes from one place to another, without a gap."""
    for _ in range(_MOST_BOXES):
        if place == end:
            return
        size, name = struct.unpack_from(">I4s", data, place)
        start = place + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        finish = place + size if size else end
        if finish < start or finish > end:
            raise RefusedFileError("The recording is cut off or damaged.")
        yield name, start, finish
        place = finish
    raise RefusedFileError("The recording is damaged: it has too many parts.")

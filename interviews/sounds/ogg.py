"""Ogg, as Firefox records it: pages, each with the number of its last sample."""

from __future__ import annotations

import struct

from mentoring.files.refusing import RefusedFileError

MAGIC = b"OggS"

_PAGE = struct.Struct("<4sBBqIIIB")
_BEGINS = 2
_OPUS, _VORBIS = b"OpusHead", b"\x01vorbis"
_OPUS_RATE = 48_000
_VORBIS_RATE = slice(12, 16)
_NO_SAMPLE = -1


def seconds_of(data: bytes) -> float:
    """How long it lasts, by its last sample. RefusedFileError for what is no sound from end to end."""
    place, rate, last, stream = 0, 0, 0, None
    while place < len(data):
        magic, version, flags, sample, number, _, _, count = _PAGE.unpack_from(data, place)
        start = place + _PAGE.size + count
        end = start + sum(data[start - count : start])
        if magic != MAGIC or version or end > len(data):
            raise RefusedFileError("Something stands beside the sound in this file, or it is cut off.")
        if stream is None:
            stream, rate = number, _rate(data[start:end])
        elif number != stream or flags & _BEGINS:
            raise RefusedFileError("There is more than one sound in this file.")
        if sample != _NO_SAMPLE:
            last = max(last, sample)
        place = end
    return last / rate


def _rate(head: bytes) -> int:
    """Samples a second."""
    if head.startswith(_OPUS):
        return _OPUS_RATE
    rate = int.from_bytes(head[_VORBIS_RATE], "little") if head.startswith(_VORBIS) else 0
    if not rate:
        raise RefusedFileError("This is a film or sound of another kind.")
    return rate

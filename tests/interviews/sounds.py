"""Recordings as browsers make them, made by hand: silent, and only as long as they say."""

from __future__ import annotations

import struct


def element(name: int, content: bytes, *, live: bool = False) -> bytes:
    """One element of WebM; `live`: of unknown size, as while it is recorded."""
    size = b"\x01" + b"\xff" * 7 if live else (len(content) | 1 << 56).to_bytes(8)
    return name.to_bytes((name.bit_length() + 7) // 8) + size + content


def webm(
    seconds: float = 2,
    *,
    live: bool = True,
    kind: int = 2,
    codec: bytes = b"A_OPUS",
    doc: bytes = b"webm",
    more: bytes = b"",
) -> bytes:
    header = element(0x1A45DFA3, element(0x4282, doc))
    track = element(0xAE, element(0x83, bytes([kind])) + element(0x86, codec))
    clusters = b"".join(
        element(
            0x1F43B675,
            element(0xE7, (begin * 1000).to_bytes(4))
            + element(0xA3, b"\x81" + struct.pack(">h", _rest(begin, seconds)) + b"\x80\xfb"),
            live=live,
        )
        for begin in range(0, max(1, int(seconds)), 20)
    )
    info = element(0x1549A966, element(0x2AD7B1, (1_000_000).to_bytes(3)))
    return header + element(0x18538067, info + element(0x1654AE6B, track) + clusters + more, live=live)


def _rest(begin: int, seconds: float) -> int:
    """When the last packet of a cluster of 20 seconds begins, in milliseconds."""
    return int(min(20, seconds - begin) * 1000)


def ogg(seconds: float = 2, *, head: bytes = b"OpusHead", streams: tuple[int, ...] = (1,)) -> bytes:
    pages = [_page(2 if place == 0 else 0, 0, stream, head + b"\x01\x01") for place, stream in enumerate(streams)]
    return b"".join([*pages, _page(4, int(seconds * 48_000), streams[0], b"\xfc\xff\xfe" * 20)])


def _page(flags: int, sample: int, stream: int, content: bytes) -> bytes:
    return struct.pack("<4sBBqIIIB", b"OggS", 0, flags, sample, stream, 0, 0, 1) + bytes([len(content)]) + content


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content


def mp4(seconds: float = 2, *, live: bool = True, handler: bytes = b"soun", more: bytes = b"") -> bytes:
    samples = int(seconds * 50)
    head = box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 48_000, 0 if live else samples * 960, 0))
    media = box(b"mdia", head + box(b"hdlr", bytes(8) + handler + bytes(12)))
    extends = box(b"mvex", box(b"trex", struct.pack(">6I", 0, 1, 1, 960, 0, 0)))
    movie = box(b"moov", box(b"trak", media) + (extends if live else b""))
    whole = box(b"ftyp", b"isom\0\0\0\0") + movie
    if live:
        run = box(b"trun", struct.pack(">II", 0x100, samples) + struct.pack(">I", 960) * samples)
        whole += box(b"moof", box(b"traf", box(b"tfhd", struct.pack(">II", 0, 1)) + run))
    return whole + box(b"mdat", b"\xfc\xff\xfe" * 20) + more

"""ZIP archives: what their headers say is held against what is there, and nothing unpacks to more than a limit."""

from __future__ import annotations

import re
import stat
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from mentoring.files import names
from mentoring.files.refusing import RefusedFileError

MAGIC = b"PK\x03\x04"

MOST_ENTRIES = 2000
MOST_UNPACKED = 100 << 20
# Tables of zeros reach a few hundred; only bombs go near the 1,032 that the method allows.
_MOST_RATIO = 300
_RATIO_COUNTS_FROM = 4 << 20
# An archive inside is looked through, one inside that is not: sheets and arrays of numbers are archives themselves.
_MOST_LEVELS = 2

_END = struct.Struct("<4sHHHHIIH")
_ENTRY = struct.Struct("<4sBBHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LONGEST_COMMENT = 1000
_STORED, _DEFLATED = 0, 8
_LOCKED = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW = 0x8
_DESCRIPTORS = (12, 16, 20, 24)  # bytes of sizes that follow the data
_OTHER_NAME, _LINK = 0x7075, 0x756E
_CHUNK = 1 << 16
_DEEPEST = 30
_LONGEST_PATH = 400

_BROKEN = "The ZIP archive is damaged or made in a rare way. Pack it anew."
_BOMB = (
    f"The archive unpacks to far more than its size, or to more than {MOST_UNPACKED >> 20} MB. Leave large data out."
)
_OTHER_ARCHIVES = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
_RUN_BY_A_CLICK = re.compile(
    r"\.(?:exe|scr|com|pif|msi|lnk|hta|cpl|vbs|vbe|wsf|jar|apk|dmg|url|desktop)\Z", re.IGNORECASE
)
_OFFICE = {"[content_types].xml": "an Office document", "mimetype": "an office document or a book"}
_PROGRAMS = {"meta-inf/manifest.mf", "androidmanifest.xml"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder, as the directory at the end of the archive has it."""

    path: str
    size: int  # unpacked
    packed: int
    is_folder: bool
    name: bytes
    flags: int
    method: int
    crc: int
    offset: int


@dataclass(slots=True)
class _Allowance:
    """What all levels together may still hold."""

    unpacked: int = MOST_UNPACKED
    entries: int = MOST_ENTRIES

    def take(self, size: int) -> None:
        self.unpacked -= size
        if self.unpacked < 0:
            raise RefusedFileError(_BOMB)


def check(source: IO[bytes], size: int) -> None:
    """Refuse what is not exactly one open, honest archive of files that unpack into one folder."""
    _check(source, size, _Allowance(), level=1)


def entries(source: IO[bytes], size: int) -> list[Entry]:
    """All files and folders, in the order of the directory."""
    return list(_entries(source, *_directory(source, size)))


def _check(source: IO[bytes], size: int, allowance: _Allowance, *, level: int) -> None:
    start, end, count = _directory(source, size)
    allowance.entries -= count
    if allowance.entries < 0:
        raise RefusedFileError(
            f"The archive has more than {MOST_ENTRIES:,} entries. Leave out what was installed or made."
        )
    found = list(_entries(source, start, end, count))
    _refuse_wrong_names(found, level=level)
    # One after the other from the first byte to the directory: nothing overlaps, nothing stands between.
    place, described = 0, False
    for entry in sorted(found, key=lambda entry: entry.offset):
        _refuse_gap(entry.offset - place, described=described)
        place = _check_entry(source, entry, start, allowance, level=level)
        described = bool(entry.flags & _SIZES_FOLLOW)
    _refuse_gap(start - place, described=described)


def _refuse_gap(gap: int, *, described: bool) -> None:
    if gap and not (described and gap in _DESCRIPTORS):
        raise RefusedFileError(_BROKEN)


def _directory(source: IO[bytes], size: int) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how many entries it has."""
    source.seek(max(0, size - _END.size - _LONGEST_COMMENT))
    tail = source.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found + _END.size > len(tail):
        raise RefusedFileError("The archive is cut off, or something stands behind its end. Pack it anew.")
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(tail, found)
    end = size - len(tail) + found
    if found + _END.size + comment != len(tail):
        raise RefusedFileError("Something stands behind the end of the archive. Pack it anew.")
    if disk or first_disk or here != count or start + length != end:
        raise RefusedFileError(_BROKEN)
    if not count:
        raise RefusedFileError("The ZIP archive is empty.")
    return start, end, count


def _entries(source: IO[bytes], start: int, end: int, count: int) -> Iterator[Entry]:
    source.seek(start)
    data = source.read(end - start)
    place = 0
    for _ in range(count):
        if place + _ENTRY.size > len(data):
            raise RefusedFileError(_BROKEN)
        head = _ENTRY.unpack_from(data, place)
        magic, flags, method, (crc, packed, size) = head[0], head[4], head[5], head[8:11]
        named, extra, comment, disk = head[11:15]
        attributes, offset = head[16:18]
        place += _ENTRY.size
        name, extras = data[place : place + named], data[place + named : place + named + extra]
        place += named + extra + comment
        if magic != b"PK\x01\x02" or disk or place > len(data) or not name:
            raise RefusedFileError(_BROKEN)
        path = _path(name)
        if flags & _LOCKED:
            raise RefusedFileError("The archive is locked with a password. Pack it without one.")
        if method not in (_STORED, _DEFLATED):
            raise RefusedFileError("The archive is packed in a rare way. Pack it as a plain ZIP.")
        if stat.S_IFMT(attributes >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise RefusedFileError(f"“{path}” in the archive is a link or a device. Pack plain files only.")
        _refuse_extras(extras, name)
        is_folder = name.endswith(b"/")
        if is_folder and size:
            raise RefusedFileError(_BROKEN)
        yield Entry(path, size, packed, is_folder, name, flags, method, crc, offset)
    if place != len(data):
        raise RefusedFileError(_BROKEN)


def _path(name: bytes) -> str:
    # Many programs write UTF-8 without saying so; what is none is in the code page of the first PCs.
    try:
        path = name.decode()
    except UnicodeDecodeError:
        path = name.decode("cp437")
    if len(path) > _LONGEST_PATH or path.count("/") > _DEEPEST:
        raise RefusedFileError("A path in the archive is too long. Pack it with shorter names.")
    if names.has_invisible(path):
        raise RefusedFileError("A name in the archive has invisible characters. Rename the file and pack it anew.")
    parts = path.removesuffix("/").split("/")
    if "\\" in path or ":" in path or any(part in ("", ".", "..") for part in parts):
        raise RefusedFileError(f"“{path[:100]}” in the archive leads out of its folder. Pack it anew, by folder.")
    if any(names.is_device(part) or part.endswith((" ", ".")) for part in parts):
        raise RefusedFileError(f"“{path[:100]}” is no name for a file on every computer. Rename it and pack it anew.")
    if _RUN_BY_A_CLICK.search(path):
        raise RefusedFileError(f"“{path[:100]}” in the archive is a program. Leave it out: source code is enough.")
    return path


def _refuse_extras(extras: bytes, name: bytes) -> None:
    """Fields that some programs believe more than the name, or that make a link of a file."""
    place = 0
    while place + 4 <= len(extras):
        kind, length = struct.unpack_from("<HH", extras, place)
        content = extras[place + 4 : place + 4 + length]
        place += 4 + length
        if kind == _LINK or (kind == _OTHER_NAME and content[5:] != name):
            raise RefusedFileError(_BROKEN)


def _refuse_wrong_names(found: list[Entry], *, level: int) -> None:
    paths = [entry.path.removesuffix("/").casefold() for entry in found]
    if len(set(paths)) < len(paths):
        raise RefusedFileError("The archive has two entries of the same name. Pack it anew.")
    if _PROGRAMS & set(paths):
        raise RefusedFileError("The archive is a program. Pack the source code instead.")
    office = next((_OFFICE[path] for path in paths if path in _OFFICE), None)
    if office and level == 1:
        raise RefusedFileError(f"This is {office}. Save it as PDF, or a sheet as CSV.")


def _check_entry(source: IO[bytes], entry: Entry, start: int, allowance: _Allowance, *, level: int) -> int:
    """Unpack it, hold it to its own words, and return where its data ends."""
    source.seek(entry.offset)
    head = source.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise RefusedFileError(_BROKEN)
    magic, _, flags, method, _, _, crc, packed, size, named, extra = _LOCAL.unpack(head)
    if magic != MAGIC or flags & _LOCKED or method != entry.method or source.read(named) != entry.name:
        raise RefusedFileError(_BROKEN)
    if (flags ^ entry.flags) & _SIZES_FOLLOW:
        raise RefusedFileError(_BROKEN)
    if not flags & _SIZES_FOLLOW and (crc, packed, size) != (entry.crc, entry.packed, entry.size):
        raise RefusedFileError(_BROKEN)
    _refuse_extras(source.read(extra), entry.name)
    place = entry.offset + _LOCAL.size + named + extra
    if place + entry.packed > start:
        raise RefusedFileError(_BROKEN)
    if entry.size > _RATIO_COUNTS_FROM and entry.size > _MOST_RATIO * entry.packed:
        raise RefusedFileError(_BOMB)
    source.seek(place)
    _look_into(_unpacked(source, entry), entry, allowance, level=level)
    return int(place + entry.packed)


def _unpacked(source: IO[bytes], entry: Entry) -> Iterator[bytes]:
    """Its content in pieces, never more of it than the directory says."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    left, packed, crc = entry.size, entry.packed, 0
    while packed:
        chunk = source.read(min(packed, _CHUNK))
        packed -= len(chunk)
        if not chunk or (unpacker and unpacker.eof):
            raise RefusedFileError(_BROKEN)
        while chunk:
            try:
                part = unpacker.decompress(chunk, _CHUNK * 4) if unpacker else chunk
            except zlib.error as error:
                raise RefusedFileError(_BROKEN) from error
            chunk = unpacker.unconsumed_tail if unpacker else b""
            left -= len(part)
            if left < 0:
                raise RefusedFileError(_BOMB)
            crc = zlib.crc32(part, crc)
            yield part
    if left or crc != entry.crc or (unpacker and (unpacker.unused_data or not unpacker.eof)):
        raise RefusedFileError(_BROKEN)


def _look_into(parts: Iterator[bytes], entry: Entry, allowance: _Allowance, *, level: int) -> None:
    head = b""
    inner: IO[bytes] | None = None
    with ExitStack() as stack:
        for part in parts:
            allowance.take(len(part))
            if inner is not None:
                inner.write(part)
            elif len(head) < len(MAGIC):
                head += part
                if head.startswith(MAGIC):
                    if level == _MOST_LEVELS:
                        raise RefusedFileError("There are archives in archives in the archive. Unpack them first.")
                    inner = stack.enter_context(SpooledTemporaryFile(max_size=1 << 20))
                    inner.write(head)
        if head.startswith(_OTHER_ARCHIVES):
            raise RefusedFileError(f"“{entry.path}” in the archive is packed itself. Put its content into the archive.")
        if inner is not None:
            _check(inner, inner.tell(), allowance, level=level + 1)

"""WebM, as Chromium and Firefox record it: elements in elements, those that are still being written of unknown size."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mentoring.files.refusing import RefusedFileError

MAGIC = b"\x1a\x45\xdf\xa3"

_HEADER, _DOC_TYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _TRACKS, _TRACK, _TYPE, _CODEC = 0x1549A966, 0x2AD7B1, 0x1654AE6B, 0xAE, 0x83, 0x86
_CLUSTER, _TIME, _BLOCK, _GROUP, _BLOCK_IN_GROUP = 0x1F43B675, 0xE7, 0xA3, 0xA0, 0xA1
_SEEK_HEAD, _CUES, _TAGS, _VOID, _CRC = 0x114D9B74, 0x1C53BB6B, 0x1254C367, 0xEC, 0xBF
_IN_SEGMENT = {_INFO, _TRACKS, _CLUSTER, _SEEK_HEAD, _CUES, _TAGS, _VOID, _CRC}
_IN_CLUSTER = {_TIME, _BLOCK, _GROUP, 0xA7, 0xAB, _VOID, _CRC}  # also its position, and the size of the one before
_SOUND = 2
_CODECS = (b"A_OPUS", b"A_VORBIS")
# The default, in nanoseconds: times are milliseconds.
_MILLISECOND = 1_000_000
# Five minutes in the shortest packets that there are, each read twice.
_MOST_ELEMENTS = 400_000
_LONGEST_NAME, _LONGEST_SIZE = 4, 8
_DAMAGED = "The recording is cut off or damaged."

type Element = tuple[int, int, int]  # which it is, where its content begins and where it ends


def seconds_of(data: bytes) -> float:
    """How long it lasts: the time of its last packet. RefusedFileError for what is no sound from end to end."""
    return _Reader(data).seconds()


class _Reader:
    """Reads one file. What it may still read is counted, so that no file takes long."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = _MOST_ELEMENTS

    def seconds(self) -> float:
        header, segment, *more = self.elements(0, len(self.data))
        if (header[0], segment[0]) != (_HEADER, _SEGMENT) or more:
            raise RefusedFileError("Something stands beside the sound in this file.")
        if self.values(header).get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
            raise RefusedFileError("This is a film or sound of another kind.")
        scale, last, has_sound = _MILLISECOND, -1, False
        for element in self.elements(segment[1], segment[2], stop=_IN_SEGMENT):
            if element[0] not in _IN_SEGMENT:
                raise RefusedFileError("There is more than sound in this file.")
            if element[0] == _INFO:
                scale = int.from_bytes(self.values(element).get(_SCALE, b"")) or _MILLISECOND
            elif element[0] == _TRACKS:
                has_sound = self.has_sound(element)
            elif element[0] == _CLUSTER:
                last = max(last, self.last_time(element))
        # The last packet itself lasts a moment too.
        return (last * scale + 1) / 1e9 if has_sound and last >= 0 else 0

    def has_sound(self, tracks: Element) -> bool:
        """Whether there is a track; every one must be sound."""
        found = [self.values(each) for each in self.elements(*tracks[1:]) if each[0] == _TRACK]
        for track in found:
            if int.from_bytes(track.get(_TYPE, b"")) != _SOUND or not track.get(_CODEC, b"").startswith(_CODECS):
                raise RefusedFileError("There is more than sound in this file.")
        return bool(found)

    def last_time(self, cluster: Element) -> int:
        """The time of its last packet; below 0 without one."""
        begins, last = 0, -1
        for name, start, end in self.elements(*cluster[1:]):
            if name not in _IN_CLUSTER:
                raise RefusedFileError("There is more than sound in this file.")
            if name == _TIME:
                begins = int.from_bytes(self.data[start:end])
            elif name == _BLOCK:
                last = max(last, begins + self.offset(start))
            elif name == _GROUP:
                blocks = [each[1] for each in self.elements(start, end) if each[0] == _BLOCK_IN_GROUP]
                last = max([last, *(begins + self.offset(block) for block in blocks)])
        return last

    def offset(self, block: int) -> int:
        """The time of a packet within its cluster: it stands behind the number of the track."""
        _, start = self.size(block)
        return int.from_bytes(self.data[start : start + 2], signed=True)

    def values(self, element: Element) -> dict[int, bytes]:
        return {name: self.data[start:end] for name, start, end in self.elements(*element[1:])}

    def elements(self, place: int, end: int, *, stop: Collection[int] = ()) -> Iterator[Element]:
        """The elements from one place to another, without a gap. One of unknown size reaches to the end of the whole,
        or to the next that stands beside it: one of `stop`.
        """
        while place != end:
            name, start = self.name(place)
            size, start = self.size(start)
            finish = start + size if size is not None else self.next_of(start, end, stop) if stop else end
            if finish > end:
                raise RefusedFileError(_DAMAGED)
            yield name, start, finish
            place = finish

    def next_of(self, place: int, end: int, names: Collection[int]) -> int:
        """Where the content of an element of unknown size ends."""
        while place < end:
            name, start = self.name(place)
            if name in names and name not in (_VOID, _CRC):
                return place
            size, start = self.size(start)
            if size is None:
                raise RefusedFileError(_DAMAGED)
            place = start + size
        return place

    def name(self, place: int) -> tuple[int, int]:
        """The name of an element, and where its size stands."""
        self.left -= 1
        length = 9 - self.data[place].bit_length()
        if self.left < 0 or length > _LONGEST_NAME or place + length > len(self.data):
            raise RefusedFileError(_DAMAGED)
        return int.from_bytes(self.data[place : place + length]), place + length

    def size(self, place: int) -> tuple[int | None, int]:
        """A number whose first bits say how long it is, None for “unknown”; and where the content begins."""
        length = 9 - self.data[place].bit_length()
        if length > _LONGEST_SIZE or place + length > len(self.data):
            raise RefusedFileError(_DAMAGED)
        most = (1 << 7 * length) - 1
        value = int.from_bytes(self.data[place : place + length]) & most
        return (None if value == most else value), place + length

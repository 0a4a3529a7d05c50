"""Whether a file is the sound of an answer, judged by its content. Strict: every byte of it belongs to the container,
and there is nothing but sound in it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from math import ceil

from django.core.files import File

from interviews.models.recordings import LEEWAY, LONGEST_RECORDING, SoundKind
from interviews.sounds import mp4, ogg, webm
from mentoring.files.inspecting import refuse_archive, refuse_markup
from mentoring.files.refusing import RefusedFileError
from mentoring.models.evidence import LARGEST_FILE

CONTENT_TYPES: dict[SoundKind, str] = {
    SoundKind.WEBM: "audio/webm",
    SoundKind.OGG: "audio/ogg",
    SoundKind.MP4: "audio/mp4",
}

_HEAD = 1024
_TAKEN = "A recording is WebM, Ogg or MP4 sound, as browsers make it."


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that is one answer's sound."""

    kind: SoundKind
    size: int  # bytes
    seconds: int  # rounded up
    sha256: str


def inspect(upload: File[bytes]) -> Sound:
    """What the sound is, or RefusedFileError. The file is left at its beginning, ready to be stored."""
    upload.seek(0)
    data = upload.read(LARGEST_FILE + 1)
    upload.seek(0)
    if not data:
        raise RefusedFileError("The recording is empty.")
    if len(data) > LARGEST_FILE:
        raise RefusedFileError(f"The recording is larger than {LARGEST_FILE >> 20} MB, the most that one may have.")
    kind, lasts = _kind(data)
    refuse_markup(data[:_HEAD])
    refuse_archive(BytesIO(data), len(data))
    try:
        seconds = ceil(lasts(data))
    except (IndexError, ValueError, struct.error) as error:
        raise RefusedFileError("The recording is cut off or damaged.") from error
    if seconds <= 0:
        raise RefusedFileError("There is no sound in the recording.")
    if seconds > LONGEST_RECORDING + LEEWAY:
        raise RefusedFileError(
            f"The recording is longer than {LONGEST_RECORDING // 60} minutes, the most that one may be."
        )
    return Sound(kind, len(data), seconds, sha256(data).hexdigest())


def _kind(data: bytes) -> tuple[SoundKind, Callable[[bytes], float]]:
    if data.startswith(webm.MAGIC):
        return SoundKind.WEBM, webm.seconds_of
    if data.startswith(ogg.MAGIC):
        return SoundKind.OGG, ogg.seconds_of
    if data[4:8] == mp4.MAGIC:
        return SoundKind.MP4, mp4.seconds_of
    raise RefusedFileError(f"This is something else. {_TAKEN}")

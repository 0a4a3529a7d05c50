"""Where files of learners are kept, and how they are sent: under random names, as downloads, and only unharmed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256 as sha256_of
from itertools import batched
from typing import IO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from mentoring.files.thumbnails import UndrawableError, thumbnail

# A file this young may belong to a row that is not committed yet.
SWEPT_AFTER = timedelta(days=1)

_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}")
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_CHUNK = 1 << 16
_ASKED_AT_ONCE = 500
# Also for what a browser opens in spite of all: it may load nothing, run nothing, and no other site may embed it.
_GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class DamagedFileError(Exception):
    """A stored file is gone, or is not what was stored. Ours to mend: a person can only be told."""


def store(upload: File[bytes]) -> str:
    """Write it under a random name. Call it inside of `storing`, or see to `discard` when the row is not written."""
    number = secrets.token_hex(20)
    name = f"{number[:2]}/{number[2:4]}/{number[4:]}"
    storage = _storage()
    upload.seek(0)
    try:
        # As a plain file, so that it is copied: a temporary one would be moved away from who reads on.
        return storage.save(name, File(cast("IO[bytes]", upload.file)))
    except BaseException:
        storage.delete(name)
        raise


@contextmanager
def storing(upload: File[bytes]) -> Iterator[str]:
    """`with storing(upload) as stored, transaction.atomic():` keeps the file only if the rows are committed.

    A process that dies in between leaves a file that no row names; `sweep` finds it.
    """
    stored = store(upload)
    try:
        yield stored
    except BaseException:
        discard(stored)
        raise


def discard(stored: str) -> None:
    """Delete a file that no row names. One that is gone already is no error."""
    _storage().delete(_checked(stored))


def opened(stored: str) -> File[bytes]:
    try:
        return _storage().open(_checked(stored))
    except FileNotFoundError as error:
        raise DamagedFileError(f"{stored} is not in the storage.") from error


def unharmed(stored: str, *, sha256: str) -> File[bytes]:
    """The file at its beginning, once its content is what was stored."""
    file = opened(stored)
    digest = sha256_of()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    if not secrets.compare_digest(digest.hexdigest(), sha256):
        file.close()
        raise DamagedFileError(f"{stored} is not what was stored: its SHA-256 differs.")
    file.seek(0)
    return file


def as_download(stored: str, *, name: str, content_type: str, sha256: str) -> HttpResponseBase:
    """The file for the person's disk, never shown by the browser. DamagedFileError comes before anything is sent."""
    return FileResponse(
        unharmed(stored, sha256=sha256),
        as_attachment=True,
        filename=name,
        content_type=content_type,
        headers=_GUARDED | {"Cache-Control": "private, no-store"},
    )


def as_picture(request: HttpRequest, stored: str, *, sha256: str) -> HttpResponseBase:
    """A smaller copy of a PNG or JPEG, drawn anew. The browser keeps it, and asks each time whether it may show it."""
    etag = f'"{sha256[:32]}"'
    headers = _GUARDED | {"Cache-Control": "private, no-cache", "ETag": etag}
    if known := get_conditional_response(request, etag=etag):
        for header, value in headers.items():
            known.headers[header] = value
        return known
    try:
        with unharmed(stored, sha256=sha256) as file:
            shown = thumbnail(file)
    except UndrawableError as error:
        raise Http404 from error
    return HttpResponse(shown.content, content_type=shown.content_type, headers=headers)


def as_sound(request: HttpRequest, stored: str, *, name: str, content_type: str, sha256: str) -> HttpResponseBase:
    """A recording for the player of a page, which asks for a part of it where somebody leaps ahead.

    Opened by itself it is a download. DamagedFileError comes before anything is sent.
    """
    etag = f'"{sha256[:32]}"'
    file = unharmed(stored, sha256=sha256)
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", etag) == etag else ""
    part = _part(asked, file.size)
    begin, end = part or (0, file.size)
    headers = _GUARDED | {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes", "ETag": etag}
    if begin >= end:
        size = file.size
        file.close()
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if part:
        headers |= {"Content-Range": f"bytes {begin}-{end - 1}/{file.size}", "Content-Length": str(end - begin)}
    file.seek(begin)
    return FileResponse(
        _Part(file, end - begin) if part else file,
        as_attachment=True,
        filename=name,
        content_type=content_type,
        status=206 if part else 200,
        headers=headers,
    )


class _Part:
    """Some bytes of a file, from where it stands."""

    def __init__(self, file: File[bytes], length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """From where to where, of what the header Range asks for; nothing in between for what is behind the end. None where
    it asks for several parts or says nothing sensible: RFC 9110 lets us send all then.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(int(last) + 1, size) if last else size


def sweep(*, named: Callable[[Collection[str]], Collection[str]], now: datetime) -> list[str]:
    """Delete what is older than a day and named by no row; `named` tells which of some names are. Returns the names."""
    storage = _storage()
    swept: list[str] = []
    old = (name for name, modified in _everything(storage) if _NAME.fullmatch(name) and modified < now - SWEPT_AFTER)
    for names in batched(old, _ASKED_AT_ONCE):
        kept = set(named(names))
        for name in names:
            if name not in kept:
                storage.delete(name)
                swept.append(name)
    return swept


def _everything(storage: Storage, folder: str = "") -> Iterator[tuple[str, datetime]]:
    """All names with the time of their last change."""
    if bucket := getattr(storage, "bucket", None):  # one question a thousand names, where folders would take one each
        for found in bucket.objects.all():
            yield found.key, found.last_modified
        return
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for each in folders:
        yield from _everything(storage, f"{folder}{each}/")
    for name in names:
        yield f"{folder}{name}", storage.get_modified_time(f"{folder}{name}")


def _storage() -> Storage:
    return storages["evidence"]


def _checked(stored: str) -> str:
    if not _NAME.fullmatch(stored):
        raise ValueError("This is no name of a stored file.")
    return stored

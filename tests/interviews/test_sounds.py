"""What is taken as a recording: sound from the first byte to the last, of at most five minutes."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from time import process_time
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile

from interviews.models import SoundKind
from interviews.sounds.inspecting import inspect
from mentoring.files.refusing import RefusedFileError
from tests.interviews.sounds import box, element, mp4, ogg, webm


def archive() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as made:
        made.writestr("a.txt", "a")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (webm(2.4), SoundKind.WEBM),
        (webm(2.4, live=False), SoundKind.WEBM),
        (webm(2.4, codec=b"A_VORBIS"), SoundKind.WEBM),
        (ogg(2.4), SoundKind.OGG),
        (mp4(2.4), SoundKind.MP4),
        (mp4(2.4, live=False), SoundKind.MP4),
    ],
)
def test_sound_is_taken_with_its_length(data, kind):
    file = ContentFile(data)
    sound = inspect(file)
    assert (sound.kind, sound.seconds, sound.size) == (kind, 3, len(data))
    assert sound.sha256 == sha256(data).hexdigest()
    assert file.tell() == 0


@pytest.mark.parametrize("make", [webm, ogg, mp4])
def test_five_minutes_are_taken_and_six_are_not(make):
    assert inspect(ContentFile(make(300))).seconds <= 301
    with pytest.raises(RefusedFileError, match="longer than 5 minutes"):
        inspect(ContentFile(make(360)))


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"MZ\x90\0" + bytes(100),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"ID3\x04" + bytes(100),
        archive(),
        b"x",
    ],
)
def test_what_has_another_signature_is_refused(data):
    with pytest.raises(RefusedFileError, match="something else"):
        inspect(ContentFile(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (bytes((10 << 20) + 1), "larger than 10 MB"),
        (webm(kind=1, codec=b"V_VP8"), "more than sound"),
        (webm(doc=b"matroska"), "another kind"),
        (webm(codec=b"A_AAC"), "more than sound"),
        (webm(more=element(0x1941A469, b"a page")), "more than sound"),
        (webm(live=False) + b"<html>", "."),
        (webm(live=False) + archive(), "."),
        (webm(more=element(0xEC, b"<script>alert(1)</script>")), "web page"),
        (webm(more=element(0xEC, archive())), "ZIP archive"),
        (webm()[:-3], "cut off"),
        (webm()[:20], "."),
        (ogg(streams=(1, 2)), "more than one"),
        (ogg(head=b"\x80theora"), "another kind"),
        (ogg() + b"<html>", "."),
        (ogg() + ogg(), "more than one"),
        (ogg()[:-3], "cut off"),
        (ogg(0), "no sound"),
        (mp4(handler=b"vide"), "more than sound"),
        (mp4(more=box(b"uuid", b"anything")), "beside the sound"),
        (mp4(more=b"<html>"), "."),
        (mp4(more=box(b"free", archive())), "ZIP archive"),
        (mp4()[:-3], "cut off"),
        (mp4(0, live=False), "no sound"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"x"), "no sound"),
        (box(b"ftyp", b"heic\0\0\0\0"), "no sound"),
    ],
)
def test_what_is_not_sound_from_end_to_end_is_refused(data, said):
    with pytest.raises(RefusedFileError, match=said):
        inspect(ContentFile(data))


@pytest.mark.parametrize("make", [webm, ogg, mp4])
def test_a_file_that_is_cut_off_anywhere_raises_nothing_else(make):
    whole = make()
    for length in range(1, len(whole)):
        try:
            inspect(ContentFile(whole[:length]))
        except RefusedFileError:
            continue


@pytest.mark.parametrize("more", [b"\xec\x80" * (4 << 20), b"\xec\x80\xbf\x80" * (2 << 20)])
def test_no_file_takes_long(more):
    begun = process_time()
    with pytest.raises(RefusedFileError):
        inspect(ContentFile(webm(more=more)))
    assert process_time() - begun < 5

"""Files are kept under names that say nothing, sent only unharmed, and gone when nothing names them."""

import hashlib
import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from mentoring.files import keeping
from mentoring.files.keeping import DamagedFileError, as_download, as_picture, discard, opened, store, storing, sweep
from tests.mentoring.files.samples import CSV, image, upload

SHA = hashlib.sha256(CSV).hexdigest()


def test_a_stored_name_says_nothing_and_the_file_is_ours_alone(storage):
    stored = store(upload(CSV))
    assert keeping._NAME.fullmatch(stored)
    assert store(upload(CSV)) != stored
    path = storage.path(stored)
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
    assert os.stat(storage.location).st_mode & 0o777 == 0o700
    with opened(stored) as file:
        assert file.read() == CSV


def test_a_temporary_upload_stays_where_it_is(storage):
    with TemporaryUploadedFile("a.csv", "text/csv", len(CSV), None) as file:
        file.write(CSV)
        stored = store(file)
        assert os.path.exists(file.temporary_file_path())
    with opened(stored) as kept:
        assert kept.read() == CSV


@pytest.mark.django_db
def test_a_transaction_that_is_rolled_back_leaves_no_file(storage):
    with suppress(ZeroDivisionError), storing(upload(CSV)) as stored, transaction.atomic():
        assert storage.exists(stored)
        raise ZeroDivisionError
    assert not storage.exists(stored)
    with storing(upload(CSV)) as stored, transaction.atomic():
        pass
    assert storage.exists(stored)


def test_half_a_file_is_none(storage, monkeypatch):
    def breaks(self, chunk_size=None):
        yield CSV
        raise OSError("disk full")

    monkeypatch.setattr("django.core.files.base.File.chunks", breaks)
    with pytest.raises(OSError, match="disk full"):
        store(upload(CSV))
    assert not [name for _, _, names in os.walk(storage.location) for name in names]


def test_a_download_is_never_shown_by_a_browser(storage):
    response = as_download(
        store(upload(CSV)), name="Übersicht “1”.csv", content_type="text/csv; charset=utf-8", sha256=SHA
    )
    assert b"".join(response.streaming_content) == CSV
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cbersicht")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Length"] == str(len(CSV))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    response.file_to_stream.close()  # closing the response would close connections, and no test has one here


def test_a_name_cannot_end_the_header(storage):
    response = as_download(store(upload(CSV)), name='a"; x\r\nSet-Cookie: a=b.csv', content_type="text/csv", sha256=SHA)
    assert "Set-Cookie" not in response.headers
    assert "\n" not in response["Content-Disposition"]
    response.file_to_stream.close()  # closing the response would close connections, and no test has one here


def test_what_was_changed_is_not_sent(storage):
    stored = store(upload(CSV))
    with open(storage.path(stored), "ab") as file:
        file.write(b"4,1\n")
    with pytest.raises(DamagedFileError, match="SHA-256"):
        as_download(stored, name="a.csv", content_type="text/csv", sha256=SHA)


def test_what_is_gone_is_said(storage):
    stored = store(upload(CSV))
    discard(stored)
    discard(stored)
    with pytest.raises(DamagedFileError, match="not in the storage"):
        as_download(stored, name="a.csv", content_type="text/csv", sha256=SHA)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "/etc/passwd", "ab/cd/" + "e" * 35, "ab/cd/" + "e" * 36 + "\n"]
)
def test_no_other_file_can_be_named(storage, name):
    with pytest.raises(ValueError, match="no name"):
        opened(name)


def test_pictures_are_drawn_anew_and_asked_for_each_time(storage):
    content = image("JPEG", comment=b"<script>")
    sha256 = hashlib.sha256(content).hexdigest()
    stored = store(upload(content))
    response = as_picture(RequestFactory().get("/"), stored, sha256=sha256)
    assert response["Content-Type"] == "image/jpeg"
    assert b"script" not in response.content
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    again = as_picture(RequestFactory().get("/", headers={"if-none-match": response["ETag"]}), stored, sha256=sha256)
    assert (again.status_code, again.content) == (304, b"")


def test_the_sweep_takes_what_no_row_names_and_a_day_has_passed(storage):
    old, named, young = (store(upload(CSV)) for _ in range(3))
    now = timezone.now()
    for stored in (old, named):
        past = (now - timedelta(days=2)).timestamp()
        os.utime(storage.path(stored), (past, past))
    foreign = os.path.join(storage.location, "readme")
    with open(foreign, "w") as file:
        file.write("not ours")
    os.utime(foreign, (past, past))
    assert sweep(named=lambda names: {named} & set(names), now=now) == [old]
    assert [storage.exists(stored) for stored in (old, named, young)] == [False, True, True]
    assert os.path.exists(foreign)


def test_nothing_stored_yet_is_nothing_to_sweep(storage):
    assert sweep(named=lambda names: (), now=timezone.now()) == []


@pytest.mark.django_db
def test_the_task_asks_the_rows(storage):
    from mentoring.tasks import sweep_evidence

    stored = store(upload(CSV))
    os.utime(storage.path(stored), (0, 0))
    sweep_evidence.call()
    assert not storage.exists(stored)

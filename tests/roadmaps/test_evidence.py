"""Gathering evidence on a milestone's page: three kinds, by plain forms and by htmx, and only on the learner's turn."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from config.files import evidence_storage
from mentoring import gathering
from mentoring.gathering import Piece, StoredFile
from mentoring.models import Evidence
from mentoring.models.evidence import LARGEST_FILE, MOST_PIECES
from roadmaps.enrolling import enrol, leave
from tests.roadmaps.handing import (
    approved,
    asked,
    claimed,
    gathered,
    handed_in,
    later,
    pieces,
    post,
    returned,
    text_of,
    url,
)


@pytest.fixture(autouse=True)
def enrolled(analytics, learner):
    return enrol(learner=learner, role=analytics)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(folder=tmp_path / "evidence")}


def picture(name: str = "calibration.png", **kwargs) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue() + kwargs.get("behind", b""), content_type="image/png")


LINK = {"kind": "link", "title": "Queries on Synthea", "url": "https://example.org/queries"}
NOTE = {"kind": "note", "title": "What I found", "text": "Nobody is **counted** twice."}


def a_file(**given):
    return {"kind": "file", "title": "Calibration", "file": picture()} | given


def stored_files(tmp_path) -> int:
    return sum(path.is_file() for path in (tmp_path / "evidence").rglob("*"))


# ---------------------------------------------------------------- adding


@pytest.mark.parametrize("given", [LINK, NOTE, a_file], ids=["link", "note", "file"])
def test_each_kind_is_added_by_a_plain_form(as_learner, learner, analytics, given):
    data = given() if callable(given) else given
    keys = [each.key for each in asked(analytics).criteria[:2]]
    response = post(as_learner, url(analytics, "evidence_add"), **data, criteria=keys)
    piece = Evidence.objects.of(learner).get()
    assert response.headers["Location"] == f"{url(analytics)}#evidence-{piece.pk}"
    assert (piece.kind, piece.title) == (data["kind"], data["title"])
    assert [str(key) for key in piece.criteria] == keys
    page = text_of(as_learner.get(url(analytics)))
    assert "answers 1, 2" in page
    assert f'<a href="#evidence-{piece.pk}">{piece.title}</a>' in page


def test_htmx_gets_the_form_fresh_the_piece_and_what_changed(as_learner, analytics):
    response = post(as_learner, url(analytics, "evidence_add"), htmx=True, **LINK)
    fragment = text_of(response)
    assert "<html" not in fragment
    assert 'hx-swap-oob="beforeend:#pieces"' in fragment
    assert "With you: not handed in yet" in fragment
    assert 'id="add-link"' in fragment
    assert 'value="Queries on Synthea"' not in fragment
    assert "HX-Request" in response.headers["Vary"]


def test_an_address_without_scheme_is_completed(as_learner, learner, analytics):
    post(as_learner, url(analytics, "evidence_add"), **LINK | {"url": "example.org/queries"})
    assert Evidence.objects.get().url == "https://example.org/queries"


def test_a_file_is_kept_under_a_random_name_with_its_hash(as_learner, analytics, tmp_path):
    post(as_learner, url(analytics, "evidence_add"), **a_file(title=""))
    piece = Evidence.objects.get()
    assert (piece.title, piece.file_name, piece.file_kind) == ("calibration.png", "calibration.png", "png")
    assert "calibration" not in piece.stored
    assert len(piece.sha256) == 64
    assert stored_files(tmp_path) == 1


def test_the_same_post_twice_adds_once_and_stores_once(as_learner, analytics, tmp_path):
    key = str(uuid4())
    for _ in range(2):
        response = post(as_learner, url(analytics, "evidence_add"), **a_file(key=key))
        assert response.status_code == 302
    assert Evidence.objects.count() == 1
    assert stored_files(tmp_path) == 1


@pytest.mark.parametrize("kind", ["", "film", None])
def test_another_kind_of_evidence_is_a_bad_request(as_learner, analytics, kind):
    data = {} if kind is None else {"kind": kind}
    assert post(as_learner, url(analytics, "evidence_add"), **data).status_code == 400


# ---------------------------------------------------------------- refusals keep what was typed


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        (LINK | {"url": "not an address"}, "link-url", "no address of a page"),
        (LINK | {"url": "javascript:alert(1)"}, "link-url", "no address of a page"),
        (LINK | {"url": "ftp://example.org/x"}, "link-url", "begin with https://"),
        (LINK | {"title": " "}, "link-title", "Give it a title"),
        (NOTE | {"text": ""}, "note-text", "Write the note."),
        (NOTE | {"text": "x" * 20_001}, "note-text", "at most 20000 characters"),
        (NOTE | {"title": ""}, "note-title", "Give it a title"),
        (NOTE | {"criteria": str(uuid4())}, "note-criteria", "is not one of the available choices"),
        ({"kind": "file", "title": "T"}, "file-file", "Choose a file."),
    ],
)
def test_a_refusal_stands_beside_its_field_and_everything_else_is_kept(as_learner, analytics, given, field, said, htmx):
    response = post(as_learner, url(analytics, "evidence_add"), htmx=htmx, **given)
    page = text_of(response)
    assert response.status_code == 422
    error = page[page.index(f'id="{field}_error"') :]
    assert said in error[: error.index("</div>")]
    for kept in (value for name, value in given.items() if name in ("title", "url", "text") and value.strip()):
        assert kept in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("run.exe", b"MZ" + b"\0" * 200), "."),
        (SimpleUploadedFile("page.png", b"<html><script>alert(1)</script></html>"), "."),
        (SimpleUploadedFile("empty.csv", b""), "The file is empty."),
        (picture(behind=b"PK\x03\x04 and more"), "Something stands behind the end of the image"),
        (SimpleUploadedFile("large.png", b"\x89PNG\r\n\x1a\n" + b"\0" * LARGEST_FILE), "10 MB"),
    ],
    ids=["program", "page", "empty", "polyglot", "large"],
)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_stored(as_learner, analytics, tmp_path, upload, said):
    response = post(as_learner, url(analytics, "evidence_add"), kind="file", title="My chart", file=upload)
    page = text_of(response)
    assert response.status_code == 422
    error = page[page.index('id="file-file_error"') :]
    assert said in error[: error.index("</div>")]
    assert 'value="My chart"' in page
    assert stored_files(tmp_path) == 0
    assert not Evidence.objects.exists()


def test_after_a_refusal_the_file_has_to_be_chosen_again_and_it_says_so(as_learner, analytics):
    data = a_file(title="x" * 151)
    assert "Choose the file again" in text_of(post(as_learner, url(analytics, "evidence_add"), **data))


def test_a_title_with_a_null_byte_is_refused(as_learner, analytics):
    response = post(as_learner, url(analytics, "evidence_add"), **NOTE | {"title": "a\x00b"})
    assert response.status_code == 422


# ---------------------------------------------------------------- how much there may be


def test_with_thirty_pieces_there_is_no_room_and_what_was_typed_is_kept(as_learner, learner, analytics):
    gathered(learner, analytics, pieces=MOST_PIECES)
    response = post(as_learner, url(analytics, "evidence_add"), **NOTE)
    assert response.status_code == 422
    assert "at most 30 pieces" in text_of(response)
    assert "Nobody is **counted** twice.</textarea>" in text_of(response)


def test_above_fifty_megabytes_the_file_is_not_kept(as_learner, learner, analytics, tmp_path):
    thread = gathered(learner, analytics)
    for number in range(5):
        file = StoredFile("pdf", f"{number}", f"{number}.pdf", LARGEST_FILE, "0" * 64)
        gathering.add(thread=thread, piece=Piece("Large", file=file), by=learner, key=uuid4(), now=later(0))
    response = post(as_learner, url(analytics, "evidence_add"), **a_file())
    assert response.status_code == 422
    assert "50 MB" in text_of(response)
    assert "Choose the file again" in text_of(response)
    assert stored_files(tmp_path) == 0


# ---------------------------------------------------------------- changing, taking away, bringing back


def test_changing_opens_the_form_with_what_is_there(as_learner, learner, analytics):
    (piece,) = pieces(gathered(learner, analytics))
    page = text_of(as_learner.get(f"{url(analytics)}?change={piece.pk}"))
    assert 'data-action="evidence-change"' in page
    assert "What I found.</textarea>" in page
    fragment = text_of(as_learner.get(f"{url(analytics)}?change={piece.pk}", headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert f'id="evidence-{piece.pk}"' in fragment


@pytest.mark.parametrize("change", ["x", "0", "99999999999999999999"])
def test_changing_what_is_not_there_shows_the_page(as_learner, learner, analytics, change):
    gathered(learner, analytics)
    response = as_learner.get(f"{url(analytics)}?change={change}")
    assert response.status_code == 200
    assert 'data-action="evidence-change"' not in text_of(response)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_change_makes_the_next_version(as_learner, learner, analytics, htmx):
    thread = gathered(learner, analytics)
    (old,) = pieces(thread)
    data = {"title": "Said better", "text": "What I really found."}
    response = post(as_learner, url(analytics, "evidence_change", old.pk), htmx=htmx, **data)
    (new,) = pieces(thread)
    assert (new.title, new.replaces) == ("Said better", old)
    assert response.status_code == (200 if htmx else 302)
    if htmx:
        assert f'id="evidence-{new.pk}"' in text_of(response)


def test_a_change_that_is_refused_keeps_what_was_typed(as_learner, learner, analytics):
    (old,) = pieces(gathered(learner, analytics))
    data = {"title": "", "text": "What I really found."}
    response = post(as_learner, url(analytics, "evidence_change", old.pk), **data)
    assert response.status_code == 422
    assert "What I really found.</textarea>" in text_of(response)


def test_a_file_stays_where_no_other_is_chosen(as_learner, learner, analytics, tmp_path):
    post(as_learner, url(analytics, "evidence_add"), **a_file())
    old = Evidence.objects.get()
    post(as_learner, url(analytics, "evidence_change", old.pk), title="Calibration, round two")
    new = Evidence.objects.at_hand().get()
    assert (new.title, new.stored, new.sha256) == ("Calibration, round two", old.stored, old.sha256)
    assert stored_files(tmp_path) == 1


def test_another_file_is_kept_beside_the_old_one(as_learner, learner, analytics, tmp_path):
    post(as_learner, url(analytics, "evidence_add"), **a_file())
    old = Evidence.objects.get()
    post(as_learner, url(analytics, "evidence_change", old.pk), title="", file=picture("better.png"))
    new = Evidence.objects.at_hand().get()
    assert (new.title, new.file_name) == ("better.png", "better.png")
    assert storages["evidence"].exists(old.stored)
    assert stored_files(tmp_path) == 2


def test_what_was_changed_in_another_tab_is_a_conflict(as_learner, learner, analytics):
    (old,) = pieces(gathered(learner, analytics))
    for expected, title in ((302, "First tab"), (409, "Second tab")):
        response = post(as_learner, url(analytics, "evidence_change", old.pk), title=title, text="Text of a tab")
        assert response.status_code == expected
    assert "readonly>Second tab" in text_of(response)
    assert Evidence.objects.at_hand().get().title == "First tab"


@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_taken_away_comes_back(as_learner, learner, analytics, htmx):
    thread = gathered(learner, analytics, pieces=2)
    gone, _ = pieces(thread)
    response = post(as_learner, url(analytics, "evidence_remove", gone.pk), htmx=htmx)
    assert gone not in pieces(thread)
    page = text_of(response if htmx else as_learner.get(url(analytics)))
    assert url(analytics, "evidence_restore", gone.pk) in page
    post(as_learner, url(analytics, "evidence_restore", gone.pk), htmx=htmx)
    assert gone in pieces(thread)


def test_anothers_evidence_is_404(as_learner, other_learner, analytics):
    enrol(learner=other_learner, role=analytics)
    (piece,) = pieces(gathered(other_learner, analytics))
    for name in ("evidence_change", "evidence_remove", "evidence_restore"):
        assert post(as_learner, url(analytics, name, piece.pk), title="Mine", text="Now").status_code == 404
    piece.refresh_from_db()
    assert piece.removed_at is None


def test_evidence_of_another_milestone_is_404(as_learner, learner, analytics):
    (piece,) = pieces(gathered(learner, analytics, number=2))
    assert post(as_learner, url(analytics, "evidence_remove", piece.pk)).status_code == 404


# ---------------------------------------------------------------- only on the learner's turn


@pytest.mark.parametrize("made", [handed_in, claimed, approved])
@pytest.mark.parametrize("htmx", [False, True])
def test_on_the_mentors_turn_nothing_changes_and_what_was_typed_is_kept(
    as_learner, learner, analytics, ruth, made, htmx
):
    thread = made(learner, analytics, *([] if made is handed_in else [ruth]))
    (piece,) = pieces(thread)
    for name, args in (("evidence_add", ()), ("evidence_change", (piece.pk,)), ("evidence_remove", (piece.pk,))):
        response = post(as_learner, url(analytics, name, *args), htmx=htmx, **NOTE)
        assert response.status_code == 409
        if name != "evidence_remove":
            assert "readonly>Nobody is **counted** twice." in text_of(response)
        if htmx:
            assert response.headers["HX-Retarget"] == "#milestone"
    assert pieces(thread) == [piece]


def test_returned_it_can_change_again(as_learner, learner, analytics, ruth):
    thread = returned(learner, analytics, ruth)
    post(as_learner, url(analytics, "evidence_add"), **LINK)
    assert len(pieces(thread)) == 2


def test_whoever_left_adds_nothing(as_learner, learner, analytics):
    thread = gathered(learner, analytics)
    leave(learner=learner, role=analytics, now=later(1))
    assert post(as_learner, url(analytics, "evidence_add"), **NOTE).status_code == 409
    assert len(pieces(thread)) == 1


def test_evidence_for_a_roadmap_one_was_never_on_is_404(as_learner, coordination):
    assert post(as_learner, url(coordination, "evidence_add"), **NOTE).status_code == 404


@pytest.mark.parametrize("kind", ["link", "note", "file"])
def test_each_form_says_that_nothing_may_be_about_a_real_patient(as_learner, analytics, kind):
    page = text_of(as_learner.get(url(analytics)))
    form = page[page.index(f'id="add-{kind}"') :]
    assert "Never anything about a real patient" in form[: form.index("</form>")]

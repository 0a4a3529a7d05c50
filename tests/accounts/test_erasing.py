"""An account goes with all that is about it; and what is held on a person can be laid open."""

from __future__ import annotations

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from accounts import exporting
from accounts.careful import ask_deferred_constraints
from accounts.erasing import NotErasableError, erase
from accounts.exporting import LEFT_OUT, SECRET, everything_on, lay_open
from accounts.models import Notification, User
from mentoring import gathering
from mentoring.files import keeping
from mentoring.files.keeping import DamagedFileError
from mentoring.gathering import Piece, StoredFile
from mentoring.handing_over import hand_over
from mentoring.looking import note_look
from mentoring.models import (
    Agreement,
    Blocker,
    Comment,
    Decision,
    Look,
    Looked,
    Note,
    State,
    Submission,
    Thread,
)
from mentoring.office import MentoringOffice
from roadmaps.enrolling import enrol
from roadmaps.ticking import set_state
from tests.factories import UserFactory
from tests.mentoring.conftest import approvals  # noqa: F401  (a fixture)
from tests.mentoring.people import (
    NOW,
    later,
    make_approved,
    make_claimed,
    make_cohort,
    make_draft,
    make_returned,
    resubmit,
)
from tests.roadmaps.drafts import first_goal

SHA = "0" * 64


@pytest.fixture
def storage(settings, tmp_path):
    """Evidence files of the test's own."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"evidence": backend}
    return tmp_path


@pytest.fixture
def busy(analytics, ruth, jonas, learner, storage) -> User:
    """A learner with something in every table that is about learners."""
    cohort = make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])
    enrol(learner=learner, role=analytics)
    set_state(learner=learner, role=analytics.slug, goal=first_goal(analytics).key, state="done", now=NOW)
    make_approved(learner, analytics, ruth)
    resubmit(make_returned(learner, analytics, ruth), now=later(1))
    make_claimed(learner, analytics, ruth)
    piece = Piece("Table", file=StoredFile("csv", keeping.store(ContentFile(b"a,b\n")), "table.csv", 4, SHA))
    gathering.add(thread=make_draft(learner, analytics), piece=piece, by=learner, key=uuid4(), now=NOW)
    about = {"learner": learner, "key": uuid4(), "created_at": NOW}
    Note.objects.create(author=ruth, author_name="Ruth", text="Works nights.", **about)
    Agreement.objects.create(mentor=ruth, mentor_name="Ruth", text="A draft by Friday", settled_by=learner, **about)
    Blocker.objects.create(learner=learner, role=analytics, text="No data access", stated_at=NOW)
    Comment.objects.create(
        submission=Submission.objects.first(),
        author=learner,
        author_name="Ines",
        text="Thank you",
        key=uuid4(),
        created_at=NOW,
    )
    note_look(viewer=ruth, learner=learner, what=Looked.CARD, now=NOW)
    hand_over(learner=learner, cohort=cohort, giver=ruth, taker=jonas, note="", by=ruth, key=uuid4(), now=later(2))
    ask_deferred_constraints()  # as the commits in between would have
    return learner


# ---------------------------------------------------------------- erasing


def rows_of(person: User) -> dict[type[models.Model], set]:
    """What Django itself would delete with the account."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS)
    collector.collect([person])
    return collector.model_objs


def test_erasing_takes_everything_about_a_learner(busy):
    numbers = {model: {row.pk for row in rows} for model, rows in rows_of(busy).items()}
    assert {Thread, Submission, Decision, Note, Agreement, Blocker, Comment, Look} < numbers.keys()
    erase(person=busy, by=None, now=later(3))
    left = [model for model, pks in numbers.items() if model._default_manager.filter(pk__in=pks).exists()]
    assert left == []


def test_what_mentors_were_told_about_an_erased_learner_goes_too(busy, ruth):
    assert Notification.objects.filter(title__contains="Ines").exclude(person=busy).exists()
    erase(person=busy, by=None, now=later(3))
    assert not Notification.objects.filter(title__contains="Ines").exists()


def test_files_of_an_erased_learner_go_once_the_rest_has(busy, storage, django_capture_on_commit_callbacks):
    (stored,) = [each for each in Thread.objects.values_list("evidence__stored", flat=True) if each]
    with django_capture_on_commit_callbacks() as callbacks:
        erase(person=busy, by=None, now=later(3))
    with keeping.opened(stored) as file:
        assert file.read() == b"a,b\n", "nothing is lost before it is certain"
    for callback in callbacks:
        callback()
    with pytest.raises(DamagedFileError):
        keeping.opened(stored)


def test_what_a_mentor_decided_stays_with_their_name(analytics, ruth, learner):
    make_approved(learner, analytics, ruth)
    erase(person=ruth, by=None, now=later(1))
    decision = Decision.objects.get()
    assert (decision.mentor, decision.mentor_name) == (None, "Ruth Adeyemi")
    assert Thread.objects.get().state == State.APPROVED


def test_a_mentor_who_holds_reviews_hands_them_back_first(analytics, ruth, learner):
    thread = make_claimed(learner, analytics, ruth)
    assert erase(person=ruth, by=None, now=later(0.5)) == ["Ruth Adeyemi handed back 1 review."]
    thread.refresh_from_db()
    assert (thread.state, thread.queued_from, thread.holder) == (State.SUBMITTED, NOW, None)


def test_staff_are_not_erased(db):
    staff = UserFactory(is_staff=True)
    with pytest.raises(NotErasableError, match="deactivated"):
        erase(person=staff, by=None, now=NOW)


def test_rows_that_are_kept_stay_kept_after_an_erasure_in_the_same_transaction(busy, analytics, ruth, other_learner):
    thread = make_claimed(other_learner, analytics, ruth)
    erase(person=busy, by=None, now=later(3))
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Submission.objects.filter(thread=thread).delete()


def test_an_erasure_that_fails_changes_nothing(busy, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(User, "delete", fail)
    before = Thread.objects.filter(state=State.CLAIMED).count(), Notification.objects.count()
    with pytest.raises(RuntimeError):
        erase(person=busy, by=None, now=later(3))
    assert (Thread.objects.filter(state=State.CLAIMED).count(), Notification.objects.count()) == before


# ---------------------------------------------------------------- in the admin


@pytest.fixture
def office(db) -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, display_name="Priya Raman"))
    return client


def test_staff_delete_an_account_with_all_that_is_about_it(office, busy):
    url = reverse("admin:accounts_user_delete", args=[busy.pk])
    assert "and all that is about them" in office.get(url).content.decode()
    assert office.post(url, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=busy.pk).exists()


def test_deleting_several_says_what_was_handed_back(office, analytics, ruth, busy, other_learner):
    make_claimed(other_learner, analytics, ruth)
    data = {"action": "delete_selected", "_selected_action": [busy.pk, ruth.pk], "post": "yes"}
    said = office.post(reverse("admin:accounts_user_changelist"), data, follow=True).content.decode()
    assert "Ruth Adeyemi handed back 1 review." in said
    assert not User.objects.filter(pk__in=[busy.pk, ruth.pk]).exists()


# ---------------------------------------------------------------- laying open


def test_everything_that_would_go_is_laid_open(busy):
    told = json.loads(lay_open(person=busy, by=None, now=later(3)))["about"]
    for model, rows in rows_of(User.objects.get(pk=busy.pk)).items():
        shown = {str(row[model._meta.pk.attname]) for row in told[model._meta.label_lower]}
        assert shown == {str(row.pk) for row in rows}, model


def test_private_notes_are_part_of_it(busy):
    told = json.loads(lay_open(person=busy, by=None, now=later(3)))["about"]
    assert [row["text"] for row in told["mentoring.note"]] == ["Works nights."]


def test_nothing_about_anybody_else_is_part_of_it(busy, analytics, ruth, other_learner):
    make_approved(other_learner, analytics, ruth)
    told = lay_open(person=busy, by=None, now=later(3))
    assert other_learner.email not in told
    of_mentor = json.loads(lay_open(person=ruth, by=None, now=later(3)))
    assert "mentoring.submission" not in of_mentor["about"]
    assert len(of_mentor["named_in"]["mentoring.decision.mentor"]) == Decision.objects.count()


def test_what_opens_doors_is_kept_secret(learner):
    told = everything_on(learner, now=NOW)["about"]
    assert told["accounts.user"][0]["password"] == "kept secret"
    suspicious = {
        f"{model._meta.label_lower}.{field.name}"
        for model in exporting.models_about_people()
        for field in model._meta.concrete_fields
        if any(word in field.name for word in ("password", "token", "secret", "session_key")) or field.name == "data"
    }
    assert suspicious - {"usersessions.usersession.data"} <= SECRET.keys(), "that one says nothing"


def test_every_table_with_a_path_to_a_person_is_part_of_it_or_said_to_be_left_out():
    shown = {model._meta.label_lower for model in exporting.models_about_people()}
    named = {f"{link.model._meta.label_lower}.{link.name}" for link in exporting.links_that_name()}
    missing = []
    tables = (each for each in apps.get_models(include_auto_created=True) if not each._meta.proxy)
    for model in tables:
        for field in model._meta.get_fields():
            if field.related_model is not User or not getattr(field, "concrete", False) or field.many_to_many:
                continue
            label = f"{model._meta.label_lower}.{field.name}"
            if model._meta.label_lower not in shown and label not in named | LEFT_OUT.keys():
                missing.append(label)
    assert missing == []


def test_whoever_was_laid_open_can_see_it(learner):
    boss = UserFactory(is_staff=True, display_name="Priya Raman")
    lay_open(person=learner, by=boss, now=NOW)
    lay_open(person=learner, by=None, now=later(1))
    looks = Look.objects.at(learner).values_list("viewer_name", "what")
    assert list(looks) == [("Staff, by a command", Looked.ADMIN), ("Priya Raman", Looked.ADMIN)]


def test_staff_download_it_for_one_person(office, busy, other_learner):
    users = reverse("admin:accounts_user_changelist")

    def ask(*people):
        data = {"action": "lay_open", "_selected_action": [each.pk for each in people], "index": "0"}
        return office.post(users, data, follow=True)

    response = ask(busy)
    assert response.headers["Content-Disposition"] == f'attachment; filename="person-{busy.pk}.json"'
    assert json.loads(response.content)["person"] == "ines@example.org"
    assert LogEntry.objects.filter(object_id=str(busy.pk)).count() == 1
    assert "Choose one person." in ask(busy, other_learner).content.decode()


def test_a_command_prints_it(learner):
    out = StringIO()
    call_command("export_person", "INES@example.org", stdout=out)
    assert json.loads(out.getvalue())["person"] == "ines@example.org"
    with pytest.raises(CommandError, match="No account"):
        call_command("export_person", "nobody@example.org")


# ---------------------------------------------------------------- registries


def test_mentoring_is_registered_once():
    from accounts.offices import offices  # as the site starts it

    assert sum(isinstance(each, MentoringOffice) for each in offices()) == 1

"""What the group “Editors” reaches in the admin: every address there is, and no learner behind any of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from accounts.models import Notification, User
from config.editors import GROUP
from mentoring.looking import note_look
from mentoring.models import Looked, Membership, Mentor, Thread
from roadmaps.enrolling import enrol
from roadmaps.models import Publication
from roadmaps.ticking import set_state
from roles.exchange.importing import send
from roles.history.acting import acting
from roles.models import CatalogModel, ChangeSet, Goal, KnownFinding, LinkCheck, Milestone, Phase, Revert, Role, Skill
from tests.conftest import ANALYTICS
from tests.factories import UserFactory
from tests.mentoring.people import make_approved, make_cohort
from tests.roadmaps.drafts import first_goal
from tests.sampling import sampled

NAME, ADDRESS = "Ines Okonjo", "ines@example.org"
NOW = timezone.now()


@pytest.fixture(scope="module")
def world(module_rows) -> dict[str, object]:
    """A learner with rows in all that the admin shows, an editor, and a colleague with a log of their own."""
    with module_rows():
        role = Role.objects.get(slug=ANALYTICS)
        learner = UserFactory(email=ADDRESS, display_name=NAME)
        mentor = UserFactory(email="ruth@example.org", display_name="Ruth Adler", is_mentor=True)
        Mentor.objects.get_or_create(user=mentor)
        make_cohort(role, mentors=[mentor], learners=[learner])
        enrol(learner=learner, role=role)
        set_state(learner=learner, role=role.slug, goal=first_goal(role).key, state="done", now=NOW)
        make_approved(learner, role, mentor)
        note_look(viewer=mentor, learner=learner, what=Looked.CARD, now=NOW)
        facts = {"kind": "returned", "title": "Returned", "url": "/", "key": "1", "mail": "none"}
        Notification.objects.create(person=learner, created_at=NOW, **facts)
        EmailAddress.objects.get_or_create(user=learner, email=ADDRESS)
        Authenticator.objects.create(user=learner, type="totp", data={})
        SocialAccount.objects.create(user=learner, provider="google", uid=ADDRESS)
        UserSession.objects.create(user=learner, session_key="x" * 32, ip="127.0.0.1", user_agent="Firefox")
        editor = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
        editor.groups.add(Group.objects.get(name=GROUP))
        colleague = UserFactory(email="priya@example.org", is_staff=True, is_superuser=True, display_name="Priya Raman")
        LogEntry.objects.log_actions(colleague.pk, [learner], CHANGE, change_message=f"Looked after {NAME}")
        with acting(by=editor):
            Skill.objects.filter(slug="hipaa").update(summary="Said better.")
        LinkCheck.objects.create(url="https://example.org/gone", due_at=NOW)
        facts = {"rule": "source", "model": "roles.skill", "row": 1, "shown": "HIPAA", "seen": "x", "reason": "Known."}
        KnownFinding.objects.create(by=editor, at=NOW, **facts)
        found = send(model=Skill, name="skills.json", content=b"[]", by=editor, now=NOW)
        facts = {"changesets": [ChangeSet.objects.get(by=editor).pk], "doing": "Reverted everything", "seen": "x"}
        long = Revert.objects.create(by=editor, at=NOW, alive_at=NOW, **facts)
        return {"learner": learner, "editor": editor, "colleague": colleague, "import": found, "revert": long}


@pytest.fixture
def desk(world, db) -> Client:
    client = Client()
    client.force_login(world["editor"])
    return client


# ---------------------------------------------------------------- every address


def patterns(found: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Route and name of everything below /admin/."""
    for each in admin.site.get_urls() if found is None else found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, prefix + str(each.pattern))
        else:
            yield prefix + str(each.pattern), each.name or ""


CONTENT = {
    model._meta.label_lower
    for model in admin.site._registry
    if model._meta.app_label == "roles" or model._meta.label == "interviews.Question"
}
# Written by pages of their own, and read like any other list.
READ_ONLY = {"roles.knownfinding", "roles.linkcheck", "roadmaps.publication"}
# Its list is a page of findings, asked by rule.
NO_LIST = {"roles.knownfinding"}
EVERY_MODEL = {model._meta.label_lower for model in admin.site._registry}
VIEWS = ("changelist", "add", "change", "delete", "history")
# What is neither a page of a model nor one of these is not known to this table.
OTHERS = {
    "index": 200,
    "login": 302,
    "logout": 405,
    "password_change": 200,
    "password_change_done": 200,
    "autocomplete": 403,  # without a field, see below
    "jsi18n": 200,
    "view_on_site": 302,
    "app_list": 200,
    "auth_user_password_change": 403,
    "history_list": 200,
    "history_detail": 200,
    "history_revert": 200,
    "history_sitting": 200,
    "history_revert_sitting": 200,
    "history_row": 200,
    "history_row_revert": 200,
    "revert_detail": 200,
    "revert_start_again": 405,
    "exchange_list": 200,
    "exchange_send": 200,
    "exchange_export": 200,
    "exchange_file": 302,  # without a format: back to the choice
    "import_detail": 200,
    "import_confirm": 405,
    "import_drop": 405,
    "import_start_again": 405,
    "roadmaps_plan_cancel": 405,
    "roadmaps_publication_withdraw": 200,
    "roadmaps_publication_desk": 200,
    "roadmaps_publication_publish": 200,
    **{f"roadmaps_goal_{act}": 200 for act in ("retire", "replace", "split", "merge")},
    "badges_credential_revoke": 403,
    "mentoring_membership_handover": 403,
    "mentoring_thread_release": 403,
    "mentoring_thread_reopen": 403,
}


def model_page(name: str) -> tuple[str, str] | None:
    """Label and view of a stock page, such as `roles_goal_change`."""
    found = re.fullmatch(r"(\w+?)_(\w+)_(changelist|add|change|delete|history)", name)
    label = f"{found[1]}.{found[2]}" if found else ""
    return (label, found[3]) if found and label in EVERY_MODEL else None


PAGES = sorted({page for _, name in patterns() if (page := model_page(name))})


def test_every_address_of_the_admin_is_in_the_table():
    stated = {name for _, name in patterns() if name in OTHERS or model_page(name)}
    redirects = {"", "view_on_site"}  # to a model's page; the catch-all
    assert {name for _, name in patterns()} - stated - redirects == set()
    assert {label for label, _ in PAGES} == EVERY_MODEL


def expected(label: str, view: str) -> int:
    if label in READ_ONLY:
        return 200 if view in ("changelist", "change", "history") else 403
    return 200 if label in CONTENT else 403


def row_of(label: str) -> Model:
    """A row that could be deleted, were it the editor's to delete."""
    model = apps.get_model(label)
    rows = model._default_manager.order_by("pk")
    if model in (Goal, Milestone):
        model._default_manager.filter(pk=rows[0].pk).update(published=False)
    row = rows.first()
    assert row is not None, f"no {label} to look for"
    return row


def address(label: str, view: str) -> str:
    args = [] if view in ("changelist", "add") else [row_of(label).pk]
    return reverse(f"admin:{label.replace('.', '_')}_{view}", args=args)


def names_nobody(response) -> bool:
    shown = response.content.decode()
    return not any(said in shown for said in (NAME, ADDRESS, "Ruth Adler", "ruth@example.org", "priya@example.org"))


@pytest.mark.parametrize(("label", "view"), sampled(PAGES, every=4), ids=["-".join(page) for page in PAGES])
def test_editors_reach_content_and_nothing_else(desk, label, view):
    response = desk.get(address(label, view))
    assert response.status_code == expected(label, view)
    assert names_nobody(response)


REFUSED = [page for page in PAGES if expected(*page) == 403]


@pytest.mark.parametrize(("label", "view"), sampled(REFUSED, every=4), ids=["-".join(page) for page in REFUSED])
def test_nor_do_they_by_a_pop_up_or_a_post(desk, label, view):
    url = address(label, view)
    assert desk.get(url, {"_popup": "1", "_to_field": "id"}).status_code == 403
    rows = {"action": "delete_selected", "_selected_action": "1", "post": "yes", "_save": "1"}
    assert desk.post(url, rows).status_code == 403


@pytest.mark.parametrize("name", OTHERS)
def test_pages_of_our_own(desk, world, name):
    skill, changeset = Skill.objects.get(slug="hipaa"), ChangeSet.objects.get(by=world["editor"])
    change = changeset.changes.get().pk
    args = {
        "view_on_site": [1, 1],
        "app_list": ["roles"],
        "auth_user_password_change": [world["learner"].pk],
        "history_row": ["roles.skill", skill.pk],
        "history_row_revert": ["roles.skill", skill.pk, change],
        "revert_detail": [world["revert"].pk],
        "revert_start_again": [world["revert"].pk],
        "roadmaps_publication_publish": [Role.objects.get(slug=ANALYTICS).pk],
        "roadmaps_publication_withdraw": [Publication.objects.first().pk],
        "roadmaps_plan_cancel": [1],
        **{f"roadmaps_goal_{act}": [Goal.objects.first().pk] for act in ("retire", "replace", "split")},
        "exchange_send": ["roles.skill"],
        "exchange_export": ["roles.skill"],
        "exchange_file": ["roles.skill"],
        **{f"import_{act}": [world["import"].pk] for act in ("detail", "confirm", "drop", "start_again")},
        "mentoring_membership_handover": [Membership.objects.first().pk],
        "mentoring_thread_release": [Thread.objects.first().pk],
        "mentoring_thread_reopen": [Thread.objects.first().pk],
    }
    of_changeset = name.startswith("history_") and name not in ("history_list", *args)
    url = reverse(f"admin:{name}", args=[changeset.pk] if of_changeset else args.get(name, []))
    if name == "view_on_site":
        url = "/admin/r/1/1/"
        assert desk.get(url).status_code in (302, 404)
        return
    response = desk.get(url, {"phase": Phase.objects.first().pk} if name == "roadmaps_goal_merge" else {})
    assert response.status_code == OTHERS[name]
    assert names_nobody(response)


@pytest.mark.parametrize("app", sorted({label.partition(".")[0] for label in EVERY_MODEL}))
def test_lists_of_an_app_show_content_alone(desk, app):
    response = desk.get(reverse("admin:app_list", args=[app]))
    lists = response.context["app_list"] if response.status_code == 200 else []
    shown = {model["object_name"].lower() for each in lists for model in each["models"]}
    mine = {label.partition(".")[2] for label in CONTENT | {"roadmaps.publication"} if label.startswith(f"{app}.")}
    assert shown == mine
    assert response.status_code == (200 if mine else 404)


# ---------------------------------------------------------------- ways around


def relations() -> Iterator[tuple[str, str, str]]:
    """Every relation of every model, as the autocomplete is asked for it."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                yield model._meta.app_label, model._meta.model_name, field.name


def test_autocomplete_finds_content_alone(desk):
    """Whatever field somebody names in the address: whom it leads to decides."""
    answered = set()
    for app, model, field in relations():
        query = {"app_label": app, "model_name": model, "field_name": field, "term": "i"}
        response = desk.get(reverse("admin:autocomplete"), query)
        assert response.status_code in (200, 403, 404), query  # 404 where the other end cannot be searched at all
        if response.status_code == 200:
            answered.add(apps.get_model(app, model)._meta.get_field(field).related_model._meta.label_lower)
            assert names_nobody(response)
    assert answered <= CONTENT
    assert {"roles.skill", "roles.role"} <= answered


LEARNERS = (
    "enrolments__learner__email__startswith=ines",
    "publications__enrolments__learner__email=ines@example.org",
    "phases__goals__states__enrolment__learner__email__startswith=i",
    "cards__learner__email__startswith=ines",
    "attempts__learner__display_name=Ines",
)


@pytest.mark.parametrize("label", sampled(sorted(CONTENT - NO_LIST | {"roadmaps.publication"}), every=5))
def test_lists_cannot_be_asked_about_learners(desk, label):
    url = address(label, "changelist")
    total = desk.get(url).context["cl"].result_count
    for query in LEARNERS:
        response = desk.get(f"{url}?{query}", follow=True)
        assert response.status_code in (200, 400), query
        assert response.status_code == 400 or response.context["cl"].result_count == total
    for said in (NAME, ADDRESS) if admin.site.get_model_admin(apps.get_model(label)).search_fields else ():
        assert desk.get(url, {"q": said}).context["cl"].result_count == 0


@pytest.mark.parametrize("label", sorted(CONTENT | {"roadmaps.publication"}))
def test_what_lists_show_search_and_filter_by_stays_in_the_catalog(label):
    model = apps.get_model(label)
    shown = admin.site.get_model_admin(model)
    asked = [*shown.search_fields, *(each for each in shown.list_filter if isinstance(each, str))]
    for path in asked:
        here = model
        for part in path.lstrip("^=@").split("__"):
            if part == "exact":
                break
            field = here._meta.get_field(part)
            if field.is_relation:
                here = field.related_model
                assert issubclass(here, CatalogModel), path


def test_deleting_names_no_learner_who_stands_in_the_way(desk, analytics):
    """The stock page lists everything that would go along."""
    url = reverse("admin:roles_role_delete", args=[analytics.pk])
    for response in (desk.get(url), desk.post(url, {"post": "yes"})):
        assert "Learners’ work hangs on it." in response.content.decode()
        assert names_nobody(response)
    chosen = {"action": "delete_selected", "_selected_action": [analytics.pk], "index": "0"}
    response = desk.post(reverse("admin:roles_role_changelist"), chosen)
    assert "Learners’ work hangs on it." in response.content.decode()
    assert names_nobody(response)
    assert Role.objects.filter(pk=analytics.pk).exists()


def test_a_row_of_somebody_elses_log_is_not_shown(desk):
    shown = desk.get(reverse("admin:index")).content.decode()
    assert "Looked after" not in shown
    assert NAME not in shown


def test_the_log_of_a_publication_names_no_address(desk, world):
    publication = Publication.objects.first()
    LogEntry.objects.log_actions(world["colleague"].pk, [publication], CHANGE, change_message="Published")
    response = desk.get(reverse("admin:roadmaps_publication_history", args=[publication.pk]))
    assert "Priya Raman" in response.content.decode()
    assert names_nobody(response)


def test_history_of_a_person_or_their_rows_is_not_there(desk, world):
    for label, pk in (("accounts.user", world["learner"].pk), ("roadmaps.enrolment", 1), ("roles.program", 1)):
        assert desk.get(reverse("admin:history_row", args=[label, pk])).status_code == 404


def test_whoever_is_no_longer_an_editor_reaches_nothing(db):
    client = Client()
    person = UserFactory(is_staff=True)
    client.force_login(person)
    assert isinstance(person, User)
    codes = {client.get(address(label, "changelist")).status_code for label in sorted(EVERY_MODEL)}
    assert codes == {403}

"""The list, the choices, the bell, and the page behind the link in every mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import notifying
from accounts.channels import choices_of, choose
from accounts.kinds import Audience, Kind, Rhythm
from accounts.models import Channel, Notification, User
from accounts.unsubscribing import Subject, token_for
from tests.factories import UserFactory
from tests.forms import fields_of
from tests.pages import Page, flaws
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LIST, CHOICES = "/notifications/", "/accounts/notifications/"


def tell(person, key="returned:1", **other):
    facts = {"kind": Kind.RETURNED, "title": f"Told {key}", "url": "/roadmaps/", "now": NOW}
    return notifying.notify(person=person, key=key, **(facts | other))


def unread(person) -> int:
    return User.objects.get(pk=person.pk).unread


def mail_of(person, kind) -> str:
    return choices_of(person, [kind])[kind].mail


# ---------------------------------------------------------------- the list and the bell
def test_nothing_yet_says_what_will_appear(as_learner):
    page = Page(as_learner.get(LIST))
    assert "When a mentor reads your work, you find it here." in page.text
    assert flaws(page) == []
    assert not page.forms("notifications-read")


def test_the_newest_stands_first_and_leads_to_where_it_happened(as_learner, learner):
    tell(learner, text="One criterion is missing.")
    tell(learner, "later", now=NOW + timedelta(hours=1), url="/dashboard/")
    page = Page(as_learner.get(LIST))
    assert page.headings[0] == (1, "Two notifications are unread")
    assert [text for level, text in page.headings if level == 2] == ["Told later", "Told returned:1"]
    assert "One criterion is missing." in page.text
    assert {"/dashboard/", "/roadmaps/"} <= set(page.links)
    assert flaws(page) == []


def test_only_ones_own_are_listed(as_learner, other_learner):
    tell(other_learner)
    assert "Told" not in Page(as_learner.get(LIST)).text


def test_what_is_for_mail_alone_is_not_listed(as_learner, learner):
    choose(person=learner, kind=Kind.RETURNED, in_app=False, mail=Rhythm.DAILY, now=NOW)
    tell(learner)
    assert "Told" not in Page(as_learner.get(LIST)).text


def test_many_stand_on_several_pages(as_learner, learner):
    for number in range(45):
        tell(learner, f"n{number:02}", now=NOW + timedelta(minutes=number))
    first, last = Page(as_learner.get(LIST)), Page(as_learner.get(f"{LIST}?page=3"))
    assert "Told n44" in first.text
    assert "Told n24" not in first.text
    assert "?page=3" in first.links
    assert "Told n00" in last.text
    assert "Told n00" in Page(as_learner.get(f"{LIST}?page=99")).text
    assert flaws(last) == []


def test_as_many_queries_for_many_as_for_one(as_learner, learner):
    tell(learner)
    one = queries_of(as_learner, LIST)
    for number in range(30):
        tell(learner, f"n{number}")
    assert queries_of(as_learner, LIST) == one <= 6


@pytest.mark.parametrize(
    ("many", "said", "shown"),
    [(0, "Notifications", ""), (1, "Notifications, 1 unread", "1"), (120, "Notifications, 99+ unread", "99+")],
)
def test_the_bell_says_how_many_on_every_page(as_learner, learner, many, said, shown):
    for number in range(many):
        tell(learner, f"n{number}")
    page = Page(as_learner.get("/skills/"))
    assert f"{said} {shown}".strip() in page.text
    assert LIST in page.links
    assert learner.unread_shown == "" if not many else User.objects.get(pk=learner.pk).unread_shown == shown


def test_the_bell_costs_no_query(as_learner, learner):
    before = queries_of(as_learner, "/dashboard/")
    told = tell(learner)
    Notification.objects.filter(pk=told.pk).update(read_at=NOW)
    assert queries_of(as_learner, "/dashboard/") == before


def test_visitors_have_no_bell(client):
    assert LIST not in Page(client.get("/skills/")).links


# ---------------------------------------------------------------- reading
def test_one_is_marked_as_read_and_the_page_of_the_list_kept(as_learner, learner):
    told, other = tell(learner), tell(learner, "other")
    answer = as_learner.post(reverse("notifications:notification_read", args=[told.pk]), {"page": "2"})
    assert (answer.status_code, answer.url) == (302, f"{LIST}?page=2")
    assert list(Notification.objects.unread()) == [other]
    answer = as_learner.post(reverse("notifications:notification_read", args=[told.pk]), {"page": "//elsewhere"})
    assert answer.url == LIST


def test_another_persons_is_not_found(as_learner, other_learner):
    told = tell(other_learner)
    assert as_learner.post(reverse("notifications:notification_read", args=[told.pk])).status_code == 404
    assert unread(other_learner) == 1


def test_all_that_were_listed_are_marked_as_read(as_learner, learner, other_learner):
    tell(learner)
    tell(other_learner)
    (form,) = Page(response := as_learner.get(LIST)).forms("notifications-read")
    until = response.context["until"]
    tell(learner, "since", now=timezone.now() + timedelta(seconds=1))
    answer = as_learner.post(form["action"], {"until": until}, follow=True)
    assert "1 notification marked as read." in Page(answer).text
    assert (unread(learner), unread(other_learner)) == (1, 1)
    as_learner.post(form["action"], {"until": "never"})
    assert unread(learner) == 1  # it comes from the future


def test_opening_the_page_it_leads_to_reads_it(as_learner, learner):
    tell(learner)
    tell(learner, "other", url="/dashboard/")
    page = Page(as_learner.get("/roadmaps/"))
    assert "Notifications, 1 unread" in page.text  # on that very page
    assert unread(learner) == 1


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"HX-Request": "true"}])
def test_what_is_not_a_visit_reads_nothing(as_learner, learner, headers):
    tell(learner)
    as_learner.get("/roadmaps/", headers=headers)
    as_learner.post("/roadmaps/")
    as_learner.head("/roadmaps/")
    assert unread(learner) == 1


def test_a_visitor_reads_nothing(client, learner):
    tell(learner)
    client.get("/roadmaps/")
    assert unread(learner) == 1


# ---------------------------------------------------------------- choices
def test_a_learner_is_asked_about_a_learners_kinds_alone(as_learner):
    page = Page(as_learner.get(CHOICES))
    assert all(kind.label in page.text for kind in Kind.of(Audience.LEARNER))
    assert not any(kind.label in page.text for kind in Kind.of(Audience.MENTOR))
    assert flaws(page) == []


def test_a_mentor_is_asked_about_both():
    client = Client()
    client.force_login(UserFactory(is_mentor=True))
    page = Page(client.get(CHOICES))
    assert all(kind.label in page.text for kind in Kind)
    assert flaws(page) == []


def test_choices_are_saved_and_what_nobody_touched_stays_a_default(as_learner, learner):
    fields = fields_of(as_learner.get(CHOICES), "channels")
    fields["badge-mail"] = ["weekly"]
    del fields["comment-in_app"]
    answer = as_learner.post(CHOICES, fields, follow=True)
    assert "Your notifications are set." in Page(answer).text
    assert {(each.kind, each.in_app, each.mail) for each in Channel.objects.of(learner)} == {
        (Kind.BADGE, True, Rhythm.WEEKLY),
        (Kind.COMMENT, False, Rhythm.AT_ONCE),
    }
    assert fields_of(as_learner.get(CHOICES), "channels")["badge-mail"] == ["weekly"]


def test_a_choice_that_is_none_is_refused_and_the_rest_kept(as_learner, learner):
    fields = fields_of(as_learner.get(CHOICES), "channels") | {"badge-mail": ["hourly"], "claimed-mail": ["weekly"]}
    answer = as_learner.post(CHOICES, fields)
    assert answer.status_code == 422
    assert fields_of(answer, "channels")["claimed-mail"] == ["weekly"]
    assert not Channel.objects.exists()


# ---------------------------------------------------------------- one click
def link(person, **subject) -> str:
    return reverse("notifications:unsubscribe", args=[token_for(person, Subject(**subject))])


def test_looking_at_the_link_stops_nothing(learner, client):
    page = Page(client.get(link(learner, kind=Kind.RETURNED)))
    assert page.headings[0][1] == "Stop mail about “A milestone is returned”?"
    assert learner.email in page.text
    assert flaws(page) == []
    assert mail_of(learner, Kind.RETURNED) == Rhythm.AT_ONCE


def test_a_mail_program_stops_it_without_cookie_or_token(learner):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(link(learner, kind=Kind.RETURNED), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert mail_of(learner, Kind.RETURNED) == Rhythm.OFF
    assert mail_of(learner, Kind.APPROVED) == Rhythm.AT_ONCE
    tell(learner)
    assert unread(learner) == 1


def test_it_can_be_taken_back_on_the_page(learner, client):
    choose(person=learner, kind=Kind.RETURNED, in_app=False, mail=Rhythm.WEEKLY, now=NOW)
    url = link(learner, kind=Kind.RETURNED)
    stopped = client.post(url)
    assert "It has stopped" in Page(stopped).text
    assert flaws(Page(stopped)) == []
    assert mail_of(learner, Kind.RETURNED) == Rhythm.OFF
    again = client.post(url, {"undo": stopped.context["undo"]})
    assert "It comes again" in Page(again).text
    channel = Channel.objects.get()
    assert (channel.in_app, channel.mail) == (False, Rhythm.WEEKLY)


def test_stopping_twice_says_so_and_changes_nothing(learner, client):
    url = link(learner, kind=Kind.RETURNED)
    client.post(url)
    assert "It has stopped" in Page(client.post(url)).text
    assert "It has stopped" in Page(client.get(url)).text
    assert Channel.objects.count() == 1


def test_the_link_of_a_digest_stops_all_that_comes_in_it(learner, client):
    choose(person=learner, kind=Kind.BADGE, in_app=True, mail=Rhythm.DAILY, now=NOW)
    url = link(learner, rhythm=Rhythm.DAILY)
    page = Page(client.get(url))
    assert page.headings[0][1] == "Stop your daily digest?"
    assert Kind.BADGE.label in page.text
    assert Kind.WAITING.label not in page.text  # a mentor's
    undo = client.post(url).context["undo"]
    assert mail_of(learner, Kind.BADGE) == mail_of(learner, Kind.AGREEMENT) == Rhythm.OFF
    assert mail_of(learner, Kind.RETURNED) == Rhythm.AT_ONCE
    client.post(url, {"undo": undo})
    assert mail_of(learner, Kind.BADGE) == mail_of(learner, Kind.AGREEMENT) == Rhythm.DAILY


def test_a_link_that_is_not_whole_stops_nothing_and_says_what_to_do(learner, client):
    whole = link(learner, kind=Kind.RETURNED)
    made_up = signing.dumps([learner.pk, "returned", ""], salt="another")
    gone = UserFactory()
    of_nobody = link(gone, kind=Kind.RETURNED)
    gone.delete()
    for url in (whole[:-3] + "/", reverse("notifications:unsubscribe", args=[made_up]), of_nobody):
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 404
            assert "This link is not whole" in Page(answer).text
    assert not Channel.objects.exists()


def test_nobody_takes_back_for_another(learner, other_learner, client):
    undo = client.post(link(other_learner, kind=Kind.RETURNED)).context["undo"]
    assert client.post(link(learner, kind=Kind.RETURNED), {"undo": undo}).status_code == 404
    assert client.post(link(learner, kind=Kind.RETURNED), {"undo": "x"}).status_code == 404
    assert mail_of(other_learner, Kind.RETURNED) == Rhythm.OFF


def test_the_token_is_in_no_log_and_in_no_cache(learner, client, capsys):
    url = link(learner, kind=Kind.RETURNED)
    answer = client.get(url)
    assert "no-store" in answer.headers["Cache-Control"]
    assert url.split("/")[-2] not in capsys.readouterr().err


# ---------------------------------------------------------------- staff
def test_superusers_see_what_became_of_mail_and_nobody_what_it_said(learner):
    told = tell(learner, title="A private matter")
    for person, status in ((UserFactory(is_staff=True, is_superuser=True), 200), (UserFactory(is_staff=True), 403)):
        client = Client()
        client.force_login(person)
        for url in ("/admin/accounts/notification/", f"/admin/accounts/notification/{told.pk}/change/"):
            answer = client.get(url)
            assert answer.status_code == status
            if status == 200:
                text = answer.content.decode()
                assert "Due" in text
                assert "A private matter" not in text
        assert client.post(f"/admin/accounts/notification/{told.pk}/delete/").status_code == 403

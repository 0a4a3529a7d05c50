"""Rounds of the link check: what is due, in what order, what is written down, and where it shows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import background
from config.editors import GROUP
from roles import tasks
from roles.checking.known import check
from roles.links import rounds
from roles.links.rounds import ask_again, go_round, keep_up, record
from roles.links.used import used
from roles.links.visiting import Verdict
from roles.models import CatalogVersion, LinkCheck, LinkState, Resource, Source
from tests.factories import UserFactory
from tests.queries import queries_of

NOW = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
LIST = "admin:roles_linkcheck_changelist"

pytestmark = pytest.mark.django_db


def link(url: str = "https://example.org/", **values: object) -> LinkCheck:
    return LinkCheck.objects.create(url=url, due_at=NOW, **values)


def with_address(url: str) -> Resource:
    resource = Resource.objects.get(slug="synthea")
    Resource.objects.filter(pk=resource.pk).update(url=url)
    return resource


class Only:
    """In place of a visitor: says what it is told to, and remembers whom it visited."""

    def __init__(self, visitor, verdict: Verdict | None = None) -> None:
        self.own, self.verdict, self.visited = visitor, verdict or Verdict(LinkState.ALIVE, code=200), []
        self.clock, self.free_at, self.host_of = visitor.clock, visitor.free_at, visitor.host_of

    def visit(self, url: str) -> Verdict:
        self.visited.append(url)
        self.own._free_at[self.host_of(url)] = self.clock() + 2
        self.own.sleep(1)
        return self.verdict


def lead_to(monkeypatch, *urls: str) -> None:
    monkeypatch.setattr(rounds, "used", lambda: {url: [] for url in urls})


class TestAddresses:
    def test_every_address_of_the_catalog_with_the_rows_that_lead_to_it(self):
        found = used()
        assert len(found) > 250
        resource = with_address(Source.objects.exclude(url="").first().url)
        places = used()[Resource.objects.get(pk=resource.pk).url]
        assert {each.model for each in places} >= {Source, Resource}
        assert {each.field for each in places} == {"url"}

    def test_what_has_no_address_is_led_to_by_its_doi(self):
        resource = with_address("")
        Resource.objects.filter(pk=resource.pk).update(doi="10.1000/x")
        (place,) = used()["https://doi.org/10.1000/x"]
        assert (place.row, place.field) == (resource.pk, "doi")

    def test_one_row_for_each_and_none_for_others(self):
        other = link("https://gone.example/")
        keep_up(now=NOW)
        assert set(LinkCheck.objects.values_list("url", flat=True)) == set(used())
        assert not LinkCheck.objects.filter(pk=other.pk).exists()
        before = list(LinkCheck.objects.values_list("pk", flat=True))
        keep_up(now=NOW)
        assert list(LinkCheck.objects.values_list("pk", flat=True)) == before


class TestRounds:
    def test_against_a_real_server(self, host, visitor, monkeypatch):
        urls = {
            host.url("ok"): LinkState.ALIVE,
            host.url("404"): LinkState.DEAD,
            host.url("to/301/ok"): LinkState.MOVED,
            host.url("ok", "closed.test"): LinkState.BLOCKED,
            "http://10.0.0.1/": LinkState.REFUSED,
            "no address": LinkState.REFUSED,
        }
        lead_to(monkeypatch, *urls)
        assert go_round(visitor, now=lambda: NOW) == 6
        assert dict(LinkCheck.objects.values_list("url", "state")) == urls

    def test_hosts_take_turns_so_that_nobody_waits_for_a_pause(self, visitor, time, monkeypatch):
        hosts = ("a", "b", "c")
        lead_to(monkeypatch, *(f"http://{name}.test/{number}" for name in hosts for number in range(3)))
        only = Only(visitor)
        go_round(only, now=lambda: NOW)
        assert [url[7] for url in only.visited] == ["a", "b", "c"] * 3

    def test_it_stops_when_its_time_is_up_and_the_next_one_goes_on(self, visitor, time, monkeypatch):
        monkeypatch.setattr(rounds, "SECONDS", 3)  # one each
        lead_to(monkeypatch, *(f"http://{number}.test/" for number in range(5)))
        assert go_round(Only(visitor), now=lambda: NOW) == 3
        second = Only(visitor)
        assert go_round(second, now=lambda: NOW) == 2
        assert second.visited == ["http://3.test/", "http://4.test/"]
        assert go_round(Only(visitor), now=lambda: NOW) == 0

    def test_one_at_a_time(self, visitor, monkeypatch):
        lead_to(monkeypatch, "http://a.test/")
        cache.add(rounds._LEASE, "1", timeout=60)
        assert go_round(Only(visitor), now=lambda: NOW) == 0
        cache.delete(rounds._LEASE)
        assert go_round(Only(visitor), now=lambda: NOW) == 1

    def test_what_was_found_before_a_fault_is_kept(self, visitor, monkeypatch):
        lead_to(monkeypatch, "http://a.test/", "http://b.test/")

        class Breaks(Only):
            def visit(self, url: str) -> Verdict:
                if "b.test" in url:
                    raise KeyboardInterrupt
                return super().visit(url)

        with pytest.raises(KeyboardInterrupt):
            go_round(Breaks(visitor), now=lambda: NOW)
        assert LinkCheck.objects.get(url="http://a.test/").state == LinkState.ALIVE
        assert go_round(Only(visitor), now=lambda: NOW) == 1

    @pytest.mark.parametrize(
        ("state", "days"),
        [("alive", 7), ("moved", 7), ("dead", 7), ("failing", 1), ("unknown", 1), ("blocked", 30), ("refused", 30)],
    )
    def test_when_it_is_asked_again(self, state, days):
        own = link()
        record(own, Verdict(LinkState(state), "Why", 200, leads_to="x" if state == "moved" else ""), now=NOW)
        assert own.due_at == NOW + dt.timedelta(days=days)
        assert list(LinkCheck.objects.due(now=own.due_at)) == [own]
        assert list(LinkCheck.objects.due(now=own.due_at - dt.timedelta(seconds=1))) == []

    def test_failures_are_counted_in_a_row_and_the_day_it_was_alive_is_kept(self):
        own = link()
        record(own, Verdict(LinkState.SLOW, "S", 200, seconds=7.2), now=NOW)
        assert (own.failures, own.alive_on, own.milliseconds) == (0, NOW.date(), 7200)
        for days in (1, 2):
            record(own, Verdict(LinkState.FAILING, "It took too long."), now=NOW + dt.timedelta(days=days))
        record(own, Verdict(LinkState.UNKNOWN, "It asks to come later.", 429), now=NOW + dt.timedelta(days=3))
        assert (own.failures, own.alive_on) == (2, NOW.date())
        record(own, Verdict(LinkState.ALIVE, "", 200), now=NOW + dt.timedelta(days=4))
        assert (own.failures, own.reason, own.alive_on) == (0, "", NOW.date() + dt.timedelta(days=4))

    def test_asking_again(self):
        own = link(state="dead")
        record(own, Verdict(LinkState.DEAD, "D", 404), now=NOW)
        ask_again([own], now=NOW)
        assert list(LinkCheck.objects.due(now=NOW)) == [own]


class TestSwitch:
    def test_it_is_off_by_default(self, monkeypatch):
        assert configured.LINK_CHECK is False
        monkeypatch.setattr(tasks, "go_round", lambda: pytest.fail("went out"))
        tasks.check_links.func()

    def test_the_schedule_names_it_only_where_it_is_on(self, settings, monkeypatch):
        def scheduled(**options: bool) -> set[str]:
            return set(background.backends(testing=False, **options)["default"]["OPTIONS"]["SCHEDULES"])

        assert scheduled(link_check=True) - scheduled() == {"check-links"}
        settings.LINK_CHECK = True
        went = []
        monkeypatch.setattr(tasks, "go_round", lambda: went.append(1))
        tasks.check_links.func()
        assert went == [1]


@pytest.fixture
def desk(db) -> Client:
    editor = UserFactory(is_staff=True, display_name="Mei-Ling Zhao")
    editor.groups.add(Group.objects.get(name=GROUP))
    client = Client()
    client.force_login(editor)
    return client


class TestWhereItShows:
    def test_readers_see_when_it_was_last_alive(self, client):
        resource = with_address("https://example.org/")
        page = reverse("roles:resource_detail", args=[resource.slug])
        assert "last seen alive" not in client.get(page).content.decode()
        before = queries_of(client, page)
        link(alive_on=NOW.date(), state="failing")
        said = client.get(page).content.decode()
        assert 'was last seen alive on <time datetime="2026-03-03">March 3, 2026</time>' in said
        assert queries_of(client, page) == before

    def test_by_its_doi_where_it_has_no_address(self, client):
        resource = with_address("")
        Resource.objects.filter(pk=resource.pk).update(doi="10.1000/x")
        link("https://doi.org/10.1000/x", alive_on=NOW.date(), state="alive")
        said = client.get(reverse("roles:resource_detail", args=[resource.slug])).content.decode()
        assert "was last seen alive on" in said

    def test_kept_pages_are_made_anew_when_that_day_changes_and_only_then(self):
        def version() -> str:
            return CatalogVersion.current()

        own = link(alive_on=NOW.date(), state="alive")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE roles_catalogversion SET changed_in = 'old'")
        record(own, Verdict(LinkState.DEAD, "D", 404), now=NOW)
        record(own, Verdict(LinkState.ALIVE, "", 200), now=NOW)
        assert version() == "old"
        record(own, Verdict(LinkState.ALIVE, "", 200), now=NOW + dt.timedelta(days=1))
        assert version() != "old"

    def test_the_list_opens_with_those_to_mend(self, desk):
        resource = with_address("https://dead.example/")
        link("https://dead.example/", state="dead", reason="It answers 404 (Not Found).", code=404)
        link("https://fine.example/", state="alive", alive_on=NOW.date())
        link("https://shaky.example/", state="failing", failures=1)
        link("https://broken.example/", state="failing", failures=3)
        said = desk.get(reverse(LIST)).content.decode()
        assert "Dead links" in said
        assert "dead.example" in said
        assert "broken.example" in said
        assert "fine.example" not in said
        assert "shaky.example" not in said
        assert reverse("admin:roles_resource_change", args=[resource.pk]) + "#id_url" in said
        assert "fine.example" in desk.get(reverse(LIST, query={"state": "all"})).content.decode()
        assert "fine.example" not in desk.get(reverse(LIST, query={"state": "failing"})).content.decode()

    def test_more_links_need_no_more_queries(self, desk):
        link("https://0.example/", state="dead")
        before = queries_of(desk, reverse(LIST))
        for number in range(1, 9):
            link(f"https://{number}.example/", state="dead")
        assert queries_of(desk, reverse(LIST)) == before

    def test_an_editor_can_have_it_asked_again_and_nothing_else(self, desk):
        own = link("https://dead.example/", state="dead")
        record(own, Verdict(LinkState.DEAD, "D", 404), now=NOW)
        sent = {"action": "let_ask_again", "_selected_action": own.pk}
        response = desk.post(reverse(LIST), sent, follow=True)
        assert "1 will be asked again" in response.content.decode()
        own.refresh_from_db()
        assert own.due_at <= timezone.now()
        assert desk.get(reverse("admin:roles_linkcheck_change", args=[own.pk])).status_code == 200
        assert desk.post(reverse("admin:roles_linkcheck_change", args=[own.pk]), {"state": "alive"}).status_code == 403
        assert desk.get(reverse("admin:roles_linkcheck_add")).status_code == 403

    def test_beside_resources_and_sources(self, desk):
        resource = with_address("https://dead.example/")
        source = Source.objects.first()
        Source.objects.filter(pk=source.pk).update(url="https://dead.example/")
        own = link("https://dead.example/", state="dead", reason="It answers 404 (Not Found).")
        for name, row in (("resource", resource), ("source", source)):
            listed = desk.get(reverse(f"admin:roles_{name}_changelist")).content.decode()
            opened = desk.get(reverse(f"admin:roles_{name}_change", args=[row.pk])).content.decode()
            for said in (listed, opened):
                assert reverse("admin:roles_linkcheck_change", args=[own.pk]) in said
                assert "It answers 404 (Not Found)." in said
            assert desk.get(reverse(f"admin:roles_{name}_add")).status_code == 200

    def test_the_content_check_names_rows_whose_links_are_dead(self):
        resource = with_address("https://dead.example/")
        link("https://dead.example/", state="dead", reason="It answers 404 (Not Found).")
        (part,) = check(today=NOW.date(), only="link-dead")
        (finding,) = part.open
        assert (finding.model, finding.row, finding.field) == (Resource, resource.pk, "url")
        assert finding.words == "It answers 404 (Not Found)."
        LinkCheck.objects.update(state="alive", reason="")
        (part,) = check(today=NOW.date(), only="link-dead")
        assert part.open == []

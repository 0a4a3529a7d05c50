"""Looking a credential up, and revoking it."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from badges.models import Credential
from config.editors import GROUP
from tests.badges.achieved import issued
from tests.factories import UserFactory

LIST = "/admin/badges/credential/"


@pytest.fixture
def office(db) -> Client:
    client = Client()
    client.force_login(UserFactory(email="priya@example.org", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def desk(db) -> Client:
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=GROUP))
    client = Client()
    client.force_login(user)
    return client


def test_a_credential_is_found_by_address(office, learner, other_learner):
    mine, other = issued(learner), issued(other_learner, source="decision:18")
    page = office.get(LIST, {"q": "ines@"}).content.decode()
    assert f"{LIST}{mine.pk}/change/" in page
    assert f"{LIST}{other.pk}/change/" not in page


def test_it_can_be_read_and_not_written(office, learner):
    credential = issued(learner)
    url = f"{LIST}{credential.pk}/change/"
    assert "The rules are written down" in office.get(url).content.decode()
    assert office.post(url, {"shows_name": "on"}).status_code == 403
    assert office.get(f"{LIST}{credential.pk}/delete/").status_code == 403
    assert office.get(f"{LIST}add/").status_code == 403


def test_revoking_asks_for_a_reason(office, learner):
    credential = issued(learner)
    url = f"{LIST}revoke/?id={credential.pk}"
    assert "Revoking is for good" in office.get(url).content.decode()
    assert office.post(url, {"reason": " "}).status_code == 422
    assert not Credential.objects.get().is_revoked
    assert office.post(url, {"reason": "The repository is somebody else's."}).status_code == 302
    revoked = Credential.objects.get()
    assert (revoked.reason, revoked.revoked_by.email) == ("The repository is somebody else's.", "priya@example.org")
    assert "somebody else" in LogEntry.objects.get().get_change_message()


def test_several_are_revoked_for_one_reason(office, learner):
    ids = [issued(learner, source=f"decision:{number}").pk for number in range(3)]
    response = office.post(LIST, {"action": "revoke_selected", "_selected_action": ids[:2]})
    assert office.post(response.url, {"reason": "A mistake"}).status_code == 302
    assert Credential.objects.valid().get().pk == ids[2]


@pytest.mark.parametrize("query", ["", "?id=x", "?id=999999", "?id=99999999999999999999999"])
def test_what_does_not_exist_is_not_revoked(office, query):
    assert office.get(f"{LIST}revoke/{query}").status_code == 302


def test_editors_see_no_credentials(desk, learner):
    credential = issued(learner)
    for url in (LIST, f"{LIST}{credential.pk}/change/", f"{LIST}revoke/?id={credential.pk}"):
        assert desk.get(url).status_code == 403
    assert desk.post(f"{LIST}revoke/?id={credential.pk}", {"reason": "Mine"}).status_code == 403
    assert "badges/credential" not in desk.get("/admin/").content.decode()

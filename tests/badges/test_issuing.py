"""From an approval to a signed credential, and back."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from badges.issuing import allow, issue, revoke, sign_again, signed_copy
from badges.keys import new_key, published_keys
from badges.models import Credential, Definition, Revocation
from badges.verifying import claims_in
from tests.badges.achieved import EVIDENCE, LATER, MILESTONE, NOW, ROADMAP, issued


def test_issuing_freezes_what_was_achieved_and_signs_it(learner):
    credential = issued(learner)
    assert credential.achievement == MILESTONE
    assert tuple(credential.exhibits) == EVIDENCE
    assert (credential.kind, credential.issued_at) == ("milestone", NOW)
    assert credential.kid == published_keys()[0].thumbprint
    assert claims_in(credential.jwt)["name"] == MILESTONE.name


def test_nothing_is_shown_that_the_learner_did_not_allow(learner):
    credential = issued(learner)
    assert (credential.shown_name, credential.shown_exhibits) == ("", [])


def test_a_second_issue_from_the_same_source_returns_the_first(learner):
    first = issued(learner)
    again = issued(learner, replace(MILESTONE, name="Something else"), now=LATER)
    assert (again.pk, again.jwt, Credential.objects.count()) == (first.pk, first.jwt, 1)


def test_a_source_belongs_to_one_learner(learner, other_learner):
    issued(learner)
    with pytest.raises(ValueError, match="another learner"):
        issued(other_learner)


def test_a_rolled_back_approval_leaves_no_credential(learner):
    with transaction.atomic():
        issued(learner)
        transaction.set_rollback(True)
    assert not Credential.objects.exists()


def test_the_address_of_an_achievement_follows_its_newest_wording(learner):
    issued(learner)
    issued(learner, replace(MILESTONE, name="Better said"), source="decision:18")
    assert Definition.objects.get().achievement["name"] == "Better said"


@pytest.mark.parametrize(
    "wrong", [{"kind": "medal"}, {"name": ""}, {"criteria": ()}, {"ring": ((7, 3),)}, {"ring": ((1, 0),)}]
)
def test_an_achievement_that_says_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\."):
        replace(MILESTONE, **wrong)


def test_revoking_says_when_by_whom_and_why(learner, other_learner):
    issued(learner)
    credential = revoke(source="decision:17", by=other_learner, reason="Somebody else's work", now=LATER)
    credential.refresh_from_db()
    assert credential.revoked_at == LATER
    assert (credential.revoked_by, credential.reason) == (other_learner, "Somebody else's work")
    assert Revocation.objects.positions() == [credential.pk]


def test_revoking_twice_changes_nothing(learner):
    issued(learner)
    revoke(source="decision:17", by=None, reason="First", now=LATER)
    assert revoke(source="decision:17", by=learner, reason="Second", now=NOW).reason == "First"


def test_what_was_never_issued_cannot_be_revoked(db):
    assert revoke(source="decision:404", by=None, reason="None", now=NOW) is None


def test_what_was_revoked_may_be_issued_again_from_another_source(learner):
    first = issued(learner)
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    second = issued(learner, source="decision:18", now=LATER)
    assert (second.is_revoked, second.pk != first.pk, second.uuid != first.uuid) == (False, True, True)


def test_a_revocation_outlives_its_learner(learner):
    position = issued(learner).pk
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    learner.delete()
    assert not Credential.objects.exists()
    assert Revocation.objects.positions() == [position]


def test_a_position_is_never_used_twice(learner, other_learner):
    position = issued(learner).pk
    learner.delete()
    assert issued(other_learner).pk > position


def test_the_account_of_whoever_revoked_may_go(learner, other_learner):
    issued(learner)
    revoke(source="decision:17", by=other_learner, reason="A mistake", now=LATER)
    other_learner.delete()
    assert Credential.objects.get().revoked_by is None


@pytest.mark.parametrize(
    "change",
    [
        {"source": "decision:99"},
        {"claims": {}},
        {"issued_at": LATER},
        {"uuid": "00000000-0000-4000-8000-000000000000"},
        {"jwt": "a.b.c"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_keeps_what_was_issued(learner, change):
    issued(learner)
    with pytest.raises(DatabaseError), transaction.atomic():
        Credential.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"revoked_at": None, "reason": "", "revoked_by": None}, {"reason": "Nicer"}, {"revoked_at": NOW}]
)
def test_the_database_keeps_what_was_revoked(learner, change):
    issued(learner)
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Credential.objects.update(**change)


@pytest.mark.parametrize("change", [{"revoked_at": LATER}, {"reason": "Because"}])
def test_a_revocation_has_a_date_and_a_reason_or_neither(learner, change):
    issued(learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.update(**change)


def test_a_learner_chooses_what_others_see(learner):
    credential = allow(issued(learner), by=learner, shows_name=True, shows_evidence="titles")
    assert credential.shown_name == "Ines Okonjo"
    assert [(each.title, each.url, each.sha256) for each in credential.shown_exhibits] == [
        (each.title, "", "") for each in EVIDENCE
    ]
    credential = allow(credential, by=learner, shows_name=False, shows_evidence="links")
    assert (credential.shown_name, tuple(credential.shown_exhibits)) == ("", EVIDENCE)


def test_nobody_else_chooses(learner, other_learner):
    with pytest.raises(Credential.DoesNotExist):
        allow(issued(learner), by=other_learner, shows_name=True, shows_evidence="links")


def test_a_name_that_nobody_gave_is_not_made_from_the_address(learner):
    learner.display_name = ""
    learner.save()
    credential = allow(issued(learner), by=learner, shows_name=True, shows_evidence="nothing")
    assert credential.shown_name == ""


def test_the_public_credential_says_nothing_of_the_person_whatever_is_allowed(learner):
    credential = issued(learner)
    allowed = allow(credential, by=learner, shows_name=True, shows_evidence="links")
    claims = claims_in(allowed.jwt)
    assert allowed.jwt == credential.jwt
    assert "evidence" not in claims
    assert "identifier" not in claims["credentialSubject"]


def test_ones_own_copy_holds_what_is_allowed_and_no_more(learner):
    credential = issued(learner)
    bare = claims_in(signed_copy(credential, now=LATER))
    assert "evidence" not in bare
    assert [each["identityType"] for each in bare["credentialSubject"]["identifier"]] == ["emailAddress"]
    credential = allow(credential, by=learner, shows_name=True, shows_evidence="links")
    full = claims_in(signed_copy(credential, now=LATER))
    assert [each.get("id") for each in full["evidence"]] == ["https://github.com/example/cohort", None, None]
    assert full["credentialSubject"]["identifier"][1]["identityHash"] == "Ines Okonjo"
    assert (bare["id"], bare["validFrom"]) == (claims_in(credential.jwt)["id"], "2026-12-01T12:00:00Z")


def test_two_copies_have_no_salt_in_common(learner):
    credential = issued(learner)
    salts = {
        claims_in(signed_copy(credential, now=LATER))["credentialSubject"]["identifier"][0]["salt"] for _ in range(3)
    }
    assert len(salts) == 3


def test_what_a_lost_key_signed_is_signed_anew(learner, settings):
    lost, other = new_key(), new_key()
    settings.BADGE_KEYS = [lost]
    before = issued(learner)
    assert sign_again() == 0
    settings.BADGE_KEYS = [other]
    assert sign_again() == 1
    after = Credential.objects.get()
    assert after.kid == published_keys()[0].thumbprint != before.kid
    assert claims_in(after.jwt) == claims_in(before.jwt)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_issues_at_once_make_one_credential(learner):
    barrier, made = Barrier(4), []

    def act() -> None:
        try:
            with transaction.atomic():
                barrier.wait(5)
                made.append(
                    issue(learner=learner, achievement=ROADMAP, evidence=EVIDENCE, source="decision:17", now=NOW)
                )
        except Exception as error:
            made.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len({each.jwt for each in made}) == 1, made
    assert Credential.objects.count() == 1

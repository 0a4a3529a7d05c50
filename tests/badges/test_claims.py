"""What a credential says, held against Open Badges 3.0 and VC-JWT."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import jwt
import pytest
from django.conf import settings

from badges.issuing import allow, signed_copy
from badges.keys import published_keys
from badges.verifying import claims_in
from tests.badges.achieved import LATER, MILESTONE, NOW, ROADMAP, issued
from tests.badges.open_badges import faults


@pytest.fixture
def claims(learner):
    return claims_in(issued(learner).jwt)


@pytest.mark.parametrize("achievement", [MILESTONE, ROADMAP], ids=["milestone", "roadmap"])
@pytest.mark.parametrize("evidence", ["nothing", "titles", "links"])
def test_credential_and_copy_are_open_badges(learner, achievement, evidence):
    credential = issued(learner, achievement)
    assert faults(claims_in(credential.jwt)) == []
    credential = allow(credential, by=learner, shows_name=True, shows_evidence=evidence)
    assert faults(claims_in(signed_copy(credential, now=LATER))) == []


def test_the_header_has_alg_kid_and_typ_and_nothing_else(learner):
    header = jwt.get_unverified_header(issued(learner).jwt)
    thumbprint = published_keys()[0].thumbprint
    assert header == {"alg": "EdDSA", "typ": "JWT", "kid": f"{settings.SITE_URL}/badges/keys/{thumbprint}/"}


def test_registered_claims_repeat_the_credential(claims):
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert datetime.fromtimestamp(claims["nbf"], UTC).isoformat() == "2026-11-20T09:30:15+00:00"
    assert claims["validFrom"] == "2026-11-20T09:30:15Z"
    assert "vc" not in claims


def test_it_says_what_by_whom_when_and_for_what(claims):
    subject = claims["credentialSubject"]
    assert subject["achievement"]["name"] == MILESTONE.name
    assert (
        subject["achievement"]["criteria"]["narrative"]
        == "* The rules are written down\n* The counts can be made again"
    )
    assert subject["achievement"]["specialization"] == MILESTONE.role
    assert subject["source"]["name"] == "Ruth Adeyemi"
    assert claims["awardedDate"] == "2026-11-20T00:00:00Z"


def test_it_says_where_its_revocation_is_found(learner):
    credential = issued(learner)
    status = claims_in(credential.jwt)["credentialStatus"]
    assert status["type"] == "BitstringStatusListEntry"
    assert (status["statusListCredential"], status["statusListIndex"]) == (
        f"{settings.SITE_URL}/badges/status/0/",
        str(credential.pk),
    )


def test_nothing_of_the_learner_is_in_the_public_credential(learner, claims):
    text = str(claims).lower()
    assert not any(word in text for word in ("ines", "okonjo", learner.email, "github.com", "cohort.pdf", "ababab"))


def test_two_badges_of_one_learner_have_no_subject_in_common(learner):
    subjects = {claims_in(issued(learner, source=f"decision:{number}").jwt)["sub"] for number in range(3)}
    assert len(subjects) == 3


def test_whoever_knows_the_address_can_check_a_copy(learner):
    copy = claims_in(signed_copy(issued(learner), now=LATER))
    (identity,) = copy["credentialSubject"]["identifier"]
    assert identity["identityHash"] == "sha256$" + sha256(f"{learner.email}{identity['salt']}".encode()).hexdigest()
    assert learner.email not in str(copy)


def test_a_copy_is_newer_and_keeps_the_day_of_approval(learner):
    credential = issued(learner)
    copy = claims_in(signed_copy(credential, now=LATER))
    assert (copy["id"], copy["awardedDate"]) == (claims_in(credential.jwt)["id"], "2026-11-20T00:00:00Z")
    assert copy["nbf"] == int(LATER.timestamp()) > NOW.timestamp()

"""Good, broken, foreign and revoked credentials; and whatever else people may bring."""

from __future__ import annotations

import json
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges import addresses, pictures
from badges.checking import check, check_row
from badges.claims import claims_of
from badges.issuing import allow, revoke, signed_copy
from badges.keys import published_keys
from badges.models import Credential
from badges.signing import sign
from badges.spelling import encoded
from badges.verifying import claims_in, compact_in, read_jwks, verify
from tests.badges.achieved import LATER, MILESTONE, NOW, issued


def kid() -> str:
    return addresses.key(published_keys()[0].thumbprint)


def state_of(text: str) -> str:
    return check(text, now=LATER)[0].state


def resigned(learner, **changes) -> str:
    """A credential of ours, whose claims are others, but signed by our own key."""
    claims = json.dumps(claims_in(issued(learner).jwt) | changes).encode()
    return jwt.PyJWS().encode(claims, published_keys()[0].private, "EdDSA", headers={"kid": kid()})


@pytest.fixture
def token(learner) -> str:
    return issued(learner).jwt


def test_what_was_issued_is_good_and_leads_to_its_page(learner, token):
    verdict, credential = check(token, now=LATER)
    assert (verdict.state, credential.jwt) == ("good", token)
    assert all(step.holds for step in verdict.steps[:-1])


def test_ones_own_copy_is_good(learner):
    assert state_of(signed_copy(issued(learner), now=LATER)) == "good"


@pytest.mark.parametrize("around", ["  {}\n", '"{}"', "\ufeff{}"])
def test_what_stands_around_a_pasted_credential_does_not_matter(token, around):
    assert state_of(around.format(token)) == "good"


def test_a_baked_badge_is_read(token):
    assert state_of(pictures.svg(MILESTONE, credential=token)) == "good"
    assert state_of(pictures.credential_in(pictures.png(MILESTONE, credential=token))) == "good"


def test_a_revoked_one_says_when_and_why(learner, token):
    revoke(source="decision:17", by=None, reason="Somebody else's work.", now=LATER)
    verdict, _ = check(token, now=LATER)
    assert verdict.state == "revoked"
    assert verdict.last == "The issuer revoked it on December 1, 2026: Somebody else's work."


def test_a_copy_from_before_the_revocation_is_revoked_too(learner):
    copy = signed_copy(issued(learner), now=NOW)
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    assert state_of(copy) == "revoked"


def test_when_the_account_is_gone_the_signature_still_tells(learner, other_learner, token):
    kept = issued(other_learner, source="decision:18").jwt
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    Credential.objects.all().delete()
    assert state_of(token) == "revoked"
    assert check(kept, now=LATER)[0].state == "good"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_changing_any_part_breaks_it(token, part):
    parts = token.split(".")
    middle = len(parts[part]) // 2
    swapped = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + swapped + parts[part][middle + 1 :]
    assert state_of(".".join(parts)) in ("altered", "unreadable", "foreign", "forged")


def test_another_claim_under_the_old_signature_is_altered(token):
    header, _, signature = token.split(".")
    payload = encoded(json.dumps(claims_in(token) | {"name": "A doctorate"}).encode())
    assert state_of(f"{header}.{payload}.{signature}") == "altered"


def test_another_key_under_our_name_is_forged(token):
    stranger = Ed25519PrivateKey.generate()
    forged = jwt.encode(claims_in(token), stranger, algorithm="EdDSA", headers={"kid": "https://evil.example/keys/1"})
    assert state_of(forged) == "forged"


def test_another_key_that_names_ours_is_altered(token):
    forged = jwt.encode(claims_in(token), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid()})
    assert state_of(forged) == "altered"


def test_somebody_elses_badge_is_foreign(token):
    claims = claims_in(token) | {
        "iss": "https://other.example/issuer",
        "issuer": {"id": "https://other.example/issuer"},
    }
    foreign = jwt.encode(
        claims, Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": "https://other.example/1"}
    )
    assert state_of(foreign) == "foreign"


def test_a_key_in_the_header_is_not_believed(token):
    stranger = Ed25519PrivateKey.generate()
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoded(stranger.public_key().public_bytes_raw())}
    assert state_of(jwt.encode(claims_in(token), stranger, algorithm="EdDSA", headers={"jwk": jwk})) == "forged"


@pytest.mark.parametrize("alg", ["none", "HS256", "HS512", "ES256"])
def test_no_other_algorithm_gets_by(token, alg):
    """`none` has no signature; HS256 with the public key as the secret is the classic confusion."""
    key = {
        "none": None,
        "ES256": generate_private_key(SECP256R1()),
    }.get(alg, published_keys()[0].public.public_bytes_raw() + b"\0" * 32)
    forged = jwt.encode(claims_in(token), key, algorithm=alg, headers={"kid": kid()})
    assert state_of(forged) in ("altered", "unreadable")


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"iss": "https://other.example/"}, "Issuer"),
        ({"iss": None}, "Issuer"),
        ({"jti": "urn:uuid:1"}, "Content"),
        ({"sub": "urn:uuid:1"}, "Content"),
        ({"nbf": 0}, "Content"),
        ({"nbf": "soon"}, "Content"),
        ({"validFrom": "2027-01-01T00:00:00Z", "nbf": 1_798_761_600}, "Content"),
        ({"validFrom": "yesterday"}, "Content"),
        ({"validUntil": "2026-11-30T00:00:00Z"}, "Content"),
        ({"type": "OpenBadgeCredential"}, "Content"),
        ({"type": ["VerifiableCredential"]}, "Content"),
        ({"credentialSubject": "me"}, "Content"),
        ({"issuer": ["Rounds"]}, "Issuer"),
    ],
)
def test_our_signature_over_something_else_is_not_enough(learner, changes, step):
    verdict, _ = check(resigned(learner, **changes), now=LATER)
    assert (verdict.state, verdict.steps[-1].name) == ("wrong", step)


def test_our_status_list_is_no_badge(learner, client):
    issued(learner)
    listed = client.get("/badges/status/0/").content.decode()
    assert state_of(listed) == "altered"


def test_a_signature_stays_good_when_the_site_moves(token, settings):
    settings.SITE_URL = "https://new.example"
    verdict, _ = check(token, now=LATER)
    assert verdict.state == "good"
    assert "an address that we had before" in " ".join(step.said for step in verdict.steps)


NESTED = "[" * 100_000 + "]" * 100_000
HOSTILE = {
    "empty": "",
    "word": "badge",
    "dots": "...",
    "two parts": "a.b",
    "four parts": "a.b.c.d",
    "no json": "e30.eA.eA",
    "NUL": "\0.\0.\0",
    "long": "a" * 1_000_000,
    "long parts": f"{'a' * 60_000}.{'b' * 60_000}.{'c' * 60_000}",
    "nested header": f"{encoded(NESTED[:20_000].encode())}.e30.eA",
    "nested payload": f"{encoded(b'{}')}.{encoded(('[' * 50_000).encode())}.eA",
    "deep object": f"{encoded(b'{}')}.{encoded(b'{"a":' * 20_000)}.eA",
    "list as payload": f"{encoded(b'{"alg":"EdDSA"}')}.{encoded(b'[1]')}.eA",
    "header is a list": f"{encoded(b'[]')}.{encoded(b'{}')}.eA",
    "kid is a number": f"{encoded(b'{"alg":"EdDSA","kid":7}')}.{encoded(b'{}')}.eA",
    "kid is an object": f"{encoded(b'{"alg":"EdDSA","kid":{}}')}.{encoded(b'{}')}.eA",
    "alg is missing": f"{encoded(b'{}')}.{encoded(b'{}')}.eA",
    "alg is a list": f"{encoded(b'{"alg":["EdDSA"]}')}.{encoded(b'{}')}.eA",
    "b64 is off": f"{encoded(b'{"alg":"EdDSA","b64":false,"crit":["b64"]}')}.{encoded(b'{}')}.eA",
    "bytes that are no text": f"{encoded(b'\xff\xfe')}.{encoded(b'\xff')}.eA",
    "surrogates": "\ud800.\ud800.\ud800",
    "huge number": f"{encoded(b'{"alg":"EdDSA"}')}.{encoded(b'{"nbf":1e999999}')}.eA",
    "many digits": f"{encoded(b'{}')}.{encoded(b'{"nbf":' + b'9' * 20_000 + b'}')}.eA",
    "json": '{"proof": {}}',
    "svg without one": "<svg><openbadges:credential></openbadges:credential></svg>",
    "svg with many": "<openbadges:credential " * 8_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_comes_in_does_more_than_be_refused(db, text):
    assert state_of(text) in ("unreadable", "foreign")


def test_strange_values_under_our_own_signature_are_refused_too(learner):
    strange = [None, 7, "x", [], {}, [[]], {"id": []}, True]
    for name in ("credentialStatus", "credentialSubject", "issuer", "id", "nbf", "validFrom", "type", "sub", "iss"):
        for value in strange:
            state = verify(resigned(learner, **{name: value}), published_keys(), issuer=None, now=LATER).state
            assert state in ("wrong", "altered", "good"), (name, value)
            state_of(resigned(learner, **{name: value}))


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": 7}', '{"keys": [{"crv": "Ed25519"}]}', "[" * 100_000])
def test_what_is_no_key_set_is_refused(text):
    with pytest.raises(ValueError, match="JWKS"):
        read_jwks(text)


def test_a_row_that_was_tampered_with_behind_our_back_does_not_pass(learner):
    credential = issued(learner)
    assert check_row(credential, now=LATER).state == "good"
    credential.claims = credential.claims | {"achievement": replace(MILESTONE, name="A doctorate").to_json()}
    del credential.achievement
    assert check_row(credential, now=LATER).state == "altered"


def test_another_badges_signature_does_not_pass_for_this_one(learner):
    first, second = issued(learner), issued(learner, source="decision:18")
    first.jwt = second.jwt
    assert check_row(first, now=LATER).state == "altered"


def test_a_copy_is_compared_with_the_address_of_its_holder(learner):
    credential = allow(issued(learner), by=learner, shows_name=True, shows_evidence="nothing")
    copy = signed_copy(credential, now=LATER)

    def said(text: str, email: str) -> list[tuple[bool | None, str]]:
        return [(step.holds, step.said) for step in check(text, email=email, now=LATER)[0].steps[5:]]

    assert said(copy, "Ines@Example.org")[-1] == (True, "It is tied to Ines@Example.org.")
    assert said(copy, "tom@example.org")[-1][0] is False
    assert said(copy, "")[-1][0] is None
    assert said(copy, "")[0] == (True, "It names Ines Okonjo.")
    assert said(credential.jwt, "ines@example.org")[-1][0] is None


def test_claims_have_one_form():
    claims = claims_of(MILESTONE, uuid=MILESTONE.key, position=1, issued_at=NOW)
    assert compact_in(sign(claims)) == sign(claims)

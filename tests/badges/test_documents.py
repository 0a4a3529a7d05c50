"""What machines read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import jwt
import pytest
from django.conf import settings
from PIL import Image

from badges import addresses, pictures
from badges.achievements import Arc
from badges.issuing import revoke
from badges.keys import published_keys
from badges.verifying import claims_in, revoked_in
from tests.badges.achieved import LATER, MILESTONE, ROADMAP, issued

SVG = "{http://www.w3.org/2000/svg}"


def local(address: str) -> str:
    return address.removeprefix(settings.SITE_URL)


@pytest.fixture
def credential(learner):
    return issued(learner)


def test_anybody_fetches_the_signed_credential(client, credential):
    response = client.get(f"/badges/{credential.uuid}/credential.jwt")
    assert response.content.decode() == credential.jwt
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["X-Robots-Tag"] == "noindex"


def test_and_reads_it(client, credential):
    assert client.get(f"/badges/{credential.uuid}/credential.json").json() == claims_in(credential.jwt)


def test_a_stranger_checks_it_with_what_is_published_and_nothing_else(client, credential):
    token = client.get(f"/badges/{credential.uuid}/credential.jwt").content.decode()
    keys = jwt.PyJWKSet.from_dict(client.get("/.well-known/jwks.json").json())
    claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], algorithms=["EdDSA"])
    assert claims["name"] == MILESTONE.name


def test_every_address_in_a_credential_leads_somewhere(client, credential):
    claims = claims_in(credential.jwt)
    achievement = claims["credentialSubject"]["achievement"]
    found = {
        claims["id"]: "text/html; charset=utf-8",
        claims["iss"]: "application/ld+json",
        achievement["id"]: "application/ld+json",
        achievement["image"]["id"]: "image/svg+xml",
        claims["credentialStatus"]["statusListCredential"]: "application/vc+jwt",
        jwt.get_unverified_header(credential.jwt)["kid"]: "application/jwk+json",
    }
    assert {address: client.get(local(address))["Content-Type"] for address in found} == found
    assert client.get(local(achievement["id"])).json()["name"] == MILESTONE.name
    assert client.get(local(claims["iss"])).json()["id"] == claims["iss"]


def test_the_key_set_has_public_halves_only(client):
    (jwk,) = client.get("/badges/keys/").json()["keys"]
    assert "d" not in jwk
    assert (jwk["kty"], jwk["crv"], jwk["alg"], jwk["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
    assert client.get(local(jwk["kid"])).json() == jwk
    assert client.get("/badges/keys/none/").status_code == 404


def test_the_status_list_tells_who_is_revoked(client, learner, credential):
    other = issued(learner, source="decision:18")
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    listed = client.get("/badges/status/0/").content.decode()
    assert revoked_in(listed, published_keys(), claims_in(credential.jwt))
    assert not revoked_in(listed, published_keys(), claims_in(other.jwt))
    assert jwt.get_unverified_header(listed)["typ"] == "vc+jwt"
    assert claims_in(listed)["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]


def test_a_list_that_nobody_stands_in_does_not_exist(client, credential):
    assert client.get("/badges/status/1/").status_code == 404
    assert client.get("/badges/status/99999999999999999999/").status_code == 404


@pytest.mark.parametrize("name", ["", "credential.jwt", "credential.json", "badge.svg", "badge.png"])
def test_what_was_never_issued_is_404(client, db, name):
    assert client.get(f"/badges/00000000-0000-4000-8000-000000000000/{name}").status_code == 404


def test_the_picture_is_a_ring_with_the_credential_baked_in(client, credential):
    response = client.get(f"/badges/{credential.uuid}/badge.svg")
    root = ET.fromstring(response.content)
    assert response["Content-Type"] == "image/svg+xml"
    # Directly behind the opening tag, and once, as the standard has it.
    assert root[0].tag == "{https://purl.imsglobal.org/ob/v3p0}credential"
    assert root[0].get("verify") == credential.jwt
    assert sum(each.tag == root[0].tag for each in root.iter()) == 1
    ring = root.find(f"{SVG}g")
    assert len(ring) == len(MILESTONE.ring)
    assert root.find(f"{SVG}title").text == MILESTONE.name


def test_a_revoked_badge_looks_it(client, credential):
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    root = ET.fromstring(client.get(f"/badges/{credential.uuid}/badge.svg").content)
    assert {circle.get("stroke") for circle in root.find(f"{SVG}g")} == {pictures.GONE}
    assert root.find(f"{SVG}title").text.endswith("(revoked)")


def test_a_name_cannot_break_out_of_the_picture():
    name = "<script>\"'&]]>"
    root = ET.fromstring(pictures.svg(replace(MILESTONE, name=name)))
    assert root.find(f"{SVG}title").text == name
    assert "<script" not in pictures.svg(replace(MILESTONE, name=name))


def test_the_picture_for_links_is_a_png_and_baked_too(client, credential):
    response = client.get(f"/badges/{credential.uuid}/badge.png")
    image = Image.open(BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert image.text == {"openbadgecredential": credential.jwt}


@pytest.mark.parametrize("name", ["x" * 400, "word " * 200, "名" * 30, "a"])
def test_any_name_fits_into_the_picture(name):
    assert pictures.png(replace(MILESTONE, name=name, ring=()))


def test_the_arcs_fill_the_ring_in_order():
    arcs = ROADMAP.arcs
    assert [arc.kind for arc in arcs] == [1, 2, 3, 4, 5, 6]
    assert all(a.start + a.length < b.start for a, b in pairwise(arcs))
    assert arcs[-1].start + arcs[-1].length < 1
    assert replace(MILESTONE, ring=()).arcs == (Arc(0, 0.0, 1.0),)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, ""),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x04iTXtbaad\0\0\0\0", ""),
        (b"a\0b\xff", "a\ufffdb\ufffd"),
    ],
)
def test_a_broken_picture_holds_nothing(data, text):
    assert pictures.credential_in(data) == text


def test_addresses_are_those_of_the_site(credential, settings):
    settings.SITE_URL = "https://rounds.example"
    assert addresses.badge(credential.uuid) == f"https://rounds.example/badges/{credential.uuid}/"
    assert addresses.uuid_in(addresses.badge(credential.uuid)) == credential.uuid
    assert addresses.uuid_in(None) is None

"""Keys and checks from the command line."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from badges.issuing import revoke, signed_copy
from badges.keys import new_key, read_keys
from badges.models import Credential
from tests.badges.achieved import LATER, issued


def said(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_a_key_is_made_for_the_environment():
    first, second = said("badge_key"), said("badge_key")
    assert first != second
    assert len(read_keys([first, second])) == 2


def test_a_key_can_be_kept_for_proving_only():
    private = new_key()
    entry = said("badge_key", "--public", private).strip()
    assert read_keys([new_key(), entry])[1].thumbprint == read_keys([private])[0].thumbprint
    with pytest.raises(CommandError, match="no private key"):
        said("badge_key", "--public", "nonsense")


def test_after_a_theft_credentials_are_signed_anew(learner, settings):
    issued(learner)
    settings.BADGE_KEYS = [new_key()]
    assert said("badge_key", "--sign-again") == "Signed 1 credential anew.\n"
    assert said("badge_key", "--sign-again") == "Signed 0 credentials anew.\n"
    assert Credential.objects.get().kid == read_keys(settings.BADGE_KEYS)[0].thumbprint


@pytest.fixture
def files(learner, client, tmp_path):
    """What somebody downloads, to check it without us."""
    credential = issued(learner)
    (tmp_path / "badge.jwt").write_text(credential.jwt + "\n")
    (tmp_path / "copy.jwt").write_text(signed_copy(credential, now=credential.issued_at))
    (tmp_path / "badge.svg").write_bytes(client.get(f"/badges/{credential.uuid}/badge.svg").content)
    (tmp_path / "badge.png").write_bytes(client.get(f"/badges/{credential.uuid}/badge.png").content)
    (tmp_path / "keys.json").write_bytes(client.get("/badges/keys/").content)
    (tmp_path / "list.jwt").write_bytes(client.get("/badges/status/0/").content)
    return tmp_path


@pytest.fixture
def _offline(files, django_db_blocker):
    with django_db_blocker.block():
        yield


@pytest.mark.usefixtures("_offline")
@pytest.mark.parametrize("name", ["badge.jwt", "badge.svg", "badge.png", "copy.jwt"])
def test_a_badge_is_checked_without_a_database(files, name):
    text = said("verify_badge", str(files / name), "--keys", str(files / "keys.json"))
    assert "It is valid: A cohort" in text
    assert "Not checked. Fetch http" in text


@pytest.mark.usefixtures("_offline")
def test_with_the_status_list_revocation_is_checked_too(files):
    text = said(
        *("verify_badge", str(files / "badge.jwt"), "--keys", str(files / "keys.json")),
        *("--status", str(files / "list.jwt")),
    )
    assert "holds  Revocation: It is not revoked." in text


def test_a_revoked_one_fails(files, client):
    revoke(source="decision:17", by=None, reason="A mistake", now=LATER)
    (files / "list.jwt").write_bytes(client.get("/badges/status/0/").content)
    with pytest.raises(CommandError, match="does not hold"):
        said(
            *("verify_badge", str(files / "badge.jwt"), "--keys", str(files / "keys.json")),
            *("--status", str(files / "list.jwt")),
        )


@pytest.mark.parametrize(
    ("option", "value"),
    [("--issuer", "https://other.example/"), ("--email", "tom@example.org"), ("--status", "keys.json")],
)
def test_what_does_not_fit_fails(files, option, value):
    value = str(files / value) if option == "--status" else value
    with pytest.raises(CommandError):
        said("verify_badge", str(files / "copy.jwt"), "--keys", str(files / "keys.json"), option, value)


def test_other_keys_do_not_prove_it(files):
    (other,) = read_keys([new_key()])
    (files / "keys.json").write_text(json.dumps({"keys": [other.to_jwk("x")]}))
    with pytest.raises(CommandError, match="does not hold"):
        said("verify_badge", str(files / "badge.jwt"), "--keys", str(files / "keys.json"))


@pytest.mark.parametrize("name", ["missing.jwt", "keys.json", "list.jwt"])
def test_a_file_that_is_no_badge_fails_in_plain_words(files, name):
    with pytest.raises(CommandError):
        said("verify_badge", str(files / name), "--keys", str(files / "keys.json"))

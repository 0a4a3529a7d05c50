"""Keys in the environment."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from badges.checks import the_keys_can_be_read
from badges.issuing import signed_copy
from badges.keys import _development_key, new_key, public_entry, published_keys, read_keys
from badges.verifying import verify
from tests.badges.achieved import LATER, issued


def verdict(text: str) -> str:
    return verify(text, published_keys(), issuer=None, now=LATER).state


def test_the_thumbprint_is_the_one_of_the_standard():
    """The example of RFC 8037, appendix A.3."""
    (key,) = read_keys(["nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"])
    assert key.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_first_key_signs_and_the_others_only_prove():
    new, old = new_key(), new_key()
    keys = read_keys([new, f" {public_entry(old)} ", ""])
    assert [key.private is not None for key in keys] == [True, False]
    assert keys[1].thumbprint == read_keys([old])[0].thumbprint


@pytest.mark.parametrize(
    "entries",
    [[], [""], ["short"], ["x" * 43 + "="], ["ü" * 43], ["public:" + "A" * 43], ["A" * 43, "A" * 43], ["A" * 86]],
)
def test_keys_that_cannot_sign_are_refused_without_being_repeated(entries, settings):
    with pytest.raises(ImproperlyConfigured) as raised:
        read_keys(entries)
    assert not any(entry and entry in str(raised.value) for entry in entries)


def test_a_site_with_a_bad_key_says_so(settings):
    settings.BADGE_KEYS = ["nonsense"]
    (error,) = the_keys_can_be_read(None)
    assert error.id == "badges.E001"
    settings.BADGE_KEYS = [new_key()]
    assert the_keys_can_be_read(None) == []


def test_a_laptop_makes_one_key_that_nobody_else_reads(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: _development_key(tmp_path / "var"), range(8)))
    assert len(keys) == 1
    (file,) = (tmp_path / "var").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_an_older_key_signed_still_holds_after_a_rotation(learner, settings):
    old, new = new_key(), new_key()
    settings.BADGE_KEYS = [old]
    credential = issued(learner)
    settings.BADGE_KEYS = [new, public_entry(old)]
    assert verdict(credential.jwt) == "good"
    assert verdict(signed_copy(credential, now=LATER)) == "good"


def test_what_a_dropped_key_signed_is_refused(learner, settings):
    credential = issued(learner)
    settings.BADGE_KEYS = [new_key()]
    assert verdict(credential.jwt) == "foreign"

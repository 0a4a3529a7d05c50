"""The list of what is revoked."""

from __future__ import annotations

import gzip

import pytest

from badges.spelling import decoded, encoded
from badges.status import LENGTH, bitstring, entry, is_set, position_in, span

# The empty list of the W3C's own example, which has other compressed bytes and the same bits.
W3C_EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def test_the_list_has_the_least_length_of_the_standard():
    assert len(gzip.decompress(decoded(bitstring([])[1:]))) * 8 == LENGTH == 131_072


def test_index_0_is_the_highest_bit_of_the_first_byte():
    assert gzip.decompress(decoded(bitstring([0, 9])[1:]))[:2] == bytes([0b1000_0000, 0b0100_0000])


@pytest.mark.parametrize("index", [0, 1, 7, 8, 94_567, LENGTH - 1])
def test_a_bit_that_was_set_is_found_and_no_other(index):
    encoded_list = bitstring([index])
    assert [each for each in (0, 1, 7, 8, 94_567, LENGTH - 1) if is_set(encoded_list, each)] == [index]


def test_the_example_of_the_standard_is_read():
    assert not is_set(W3C_EXAMPLE, 94_567)


@pytest.mark.parametrize("position", [1, LENGTH - 1, LENGTH, 5 * LENGTH + 3])
def test_a_position_is_found_again_in_its_entry(position):
    claims = {"credentialStatus": entry(position)}
    assert position_in(claims) == position
    number = int(entry(position)["statusListCredential"].rstrip("/").rpartition("/")[2])
    assert span(number)[0] <= position < span(number)[1]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "H4sIAAAA",
        "u!!",
        "u" + encoded(b"no gzip"),
        "u" + encoded(gzip.compress(b"\0" * 10_000_000, mtime=0)),
        "u" + encoded(gzip.compress(b"\0" * 100, mtime=0)[:-9]),
    ],
)
def test_what_is_no_list_is_refused(bad):
    with pytest.raises(ValueError, match=r"."):
        is_set(bad, 100_000)


@pytest.mark.parametrize("status", [None, "x", {}, {"statusListCredential": "https://x/1/", "statusListIndex": "-1"}])
def test_what_names_no_position_has_none(status):
    assert position_in({"credentialStatus": status}) is None

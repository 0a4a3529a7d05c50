"""Which credentials are revoked, as a W3C Bitstring Status List. A credential's id is its position.

Positions are handed out in order and the date of issue stands in every credential, so a position tells nothing more.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from badges import addresses
from badges.spelling import decoded, encoded, stamp

LENGTH = 131_072  # bits; the least that the standard allows, so that nobody stands alone in a list
_MOST = LENGTH // 8


def entry(position: int) -> dict[str, str]:
    """Where the state of a credential is found."""
    number, index = divmod(position, LENGTH)
    address = addresses.status_list(number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def position_in(claims: Mapping[str, Any]) -> int | None:
    """The position that a credential of ours names, or None where it names none."""
    status = claims.get("credentialStatus")
    if not isinstance(status, dict):
        return None
    number = str(status.get("statusListCredential", "")).rstrip("/").rpartition("/")[2]
    index = str(status.get("statusListIndex", ""))
    return int(number) * LENGTH + int(index) if number.isdecimal() and index.isdecimal() else None


def span(number: int) -> tuple[int, int]:
    """The positions of a list: the first one, and the first one of the next."""
    return number * LENGTH, (number + 1) * LENGTH


def list_claims(number: int, revoked: Iterable[int], *, now: datetime) -> dict[str, Any]:
    """The claims of the list as a credential of its own."""
    first, _ = span(number)
    address = addresses.status_list(number)
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer(),
        "validFrom": stamp(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bitstring(position - first for position in revoked),
        },
        "iss": addresses.issuer(),
        "jti": address,
        "nbf": int(now.timestamp()),
    }


def bitstring(indexes: Iterable[int]) -> str:
    """A list with these bits set, compressed, in multibase's base64url. Index 0 is the first byte's highest bit."""
    bits = bytearray(_MOST)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + encoded(gzip.compress(bytes(bits), mtime=0))


def is_set(encoded_list: str, index: int) -> bool:
    """Whether a bit of a list is set. Raises ValueError where it is no list, or has no such bit."""
    if not encoded_list.startswith("u"):
        raise ValueError("This is no multibase base64url.")
    bits = _unpacked(decoded(encoded_list[1:]))
    if not 0 <= index < len(bits) * 8:
        raise ValueError("The list has no such position.")
    return bool(bits[index // 8] & (0x80 >> index % 8))


def _unpacked(packed: bytes) -> bytes:
    """A list that unpacks to more than any of ours is refused, before it fills the memory."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            bits = file.read(_MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("This is no compressed list.") from error
    if len(bits) > _MOST:
        raise ValueError("The list is too long.")
    return bits

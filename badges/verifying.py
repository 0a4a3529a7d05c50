"""Whether a credential holds, step by step and in plain words. Knows keys, asks no database: it works offline too.

Everything that comes in is somebody else's: no input may do more here than be refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from badges import addresses
from badges.claims import identity_hash
from badges.keys import Key, read_public
from badges.signing import ALGORITHM
from badges.spelling import decoded, moment_in
from badges.status import is_set

LONGEST = 200_000  # characters; ours have some 4,000, and a picture around it some 10,000
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_BAKED = re.compile(r"<openbadges:credential\s[^<>]*?verify\s*=\s*[\"']([^\"']+)[\"']")
# Other clocks are not quite ours.
_LEEWAY = timedelta(minutes=5)


class State(StrEnum):
    GOOD = "good"
    REVOKED = "revoked"
    UNREADABLE = "unreadable"  # no credential at all
    FOREIGN = "foreign"  # signed by somebody else
    FORGED = "forged"  # says it is ours, and is not signed by us
    ALTERED = "altered"  # names our key, which did not sign it as it stands
    WRONG = "wrong"  # our signature, but not over a credential that holds


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked."""

    name: str
    holds: bool | None  # None: could not be checked here
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    steps: tuple[Step, ...]
    claims: Mapping[str, Any] = field(default_factory=dict)  # as far as they could be read, believed or not

    @property
    def holds(self) -> bool:
        return self.state is State.GOOD

    @property
    def last(self) -> str:
        """What decided it."""
        return next((step.said for step in self.steps if step.holds is False), "")


class _RefusedError(Exception):
    def __init__(self, state: State, name: str, said: str) -> None:
        super().__init__(said)
        self.state, self.step = state, Step(name, False, said)


def compact_in(text: str) -> str:
    """The signed credential in what somebody pasted or uploaded: alone, or baked into a picture. "" where none is."""
    text = text.strip().strip("\ufeff\"'").strip()
    if len(text) > LONGEST:
        return ""
    if "<openbadges:credential" in text and (baked := _BAKED.search(text)):
        text = baked[1].strip()
    return text if _COMPACT.fullmatch(text) else ""


def verify(
    text: str, keys: Iterable[Key], *, issuer: str | None, now: datetime, may_have_moved: bool = False
) -> Verdict:
    """Whether `text` is a credential that the issuer signed by one of the keys; None where any issuer will do.

    With `may_have_moved` it may also name an address that the issuer had before: the keys prove who it was. Says
    nothing about revocation: see `with_status`.
    """
    token = compact_in(text)
    steps: list[Step] = []
    claims: Mapping[str, Any] = {}
    try:
        header, claims = _opened(token)
        steps.append(Step("Form", True, "It is a signed credential (VC-JWT)."))
        steps.append(_signature(token, header, claims, {key.thumbprint: key for key in keys}, issuer))
        steps.append(_issuer(claims, issuer, may_have_moved))
        steps.append(_content(claims, now))
    except _RefusedError as refused:
        return Verdict(refused.state, (*steps, refused.step), claims)
    return Verdict(State.GOOD, tuple(steps), claims)


def with_status(verdict: Verdict, revoked: bool | None, said: str = "") -> Verdict:
    """The verdict, knowing whether the issuer revoked the credential; None where that cannot be told."""
    if not verdict.holds:
        return verdict
    told = {
        True: "The issuer has revoked it.",
        False: "It is not revoked.",
        None: "Whether it is revoked could not be checked.",
    }
    state = State.REVOKED if revoked else verdict.state
    step = Step("Revocation", None if revoked is None else not revoked, said or told[revoked])
    return Verdict(state, (*verdict.steps, step), verdict.claims)


def with_holder(verdict: Verdict, email: str) -> Verdict:
    """The verdict, with what the credential says about its holder; `email` is who is said to be."""
    if not verdict.holds and verdict.state is not State.REVOKED:
        return verdict
    listed = _inner(verdict.claims, "credentialSubject").get("identifier")
    identities = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    steps = [
        *verdict.steps,
        *(Step("Name", True, f"It names {each.get('identityHash')}.") for each in identities if _is_name(each)),
    ]
    hashes = [each for each in identities if each.get("identityType") == "emailAddress"]
    if not hashes:
        said = "It is tied to no email address. Ask its holder for their own signed copy, which is."
        steps.append(Step("Address", None, said))
    elif not email:
        steps.append(Step("Address", None, "It is tied to an email address. Give the address to see whether it fits."))
    elif any(_is_of(each, email) for each in hashes):
        steps.append(Step("Address", True, f"It is tied to {email}."))
    else:
        steps.append(Step("Address", False, f"It is tied to another address than {email}."))
    return Verdict(verdict.state, tuple(steps), verdict.claims)


def _is_name(identity: Mapping[str, Any]) -> bool:
    return identity.get("identityType") == "name" and not identity.get("hashed")


def _is_of(identity: Mapping[str, Any], email: str) -> bool:
    return identity.get("identityHash") == identity_hash(email.strip().lower(), str(identity.get("salt", "")))


def claims_in(token: str) -> dict[str, Any]:
    """What a signed credential says, whoever signed it. Raises ValueError."""
    try:
        claims = json.loads(decoded(token.split(".")[1]))
    except (IndexError, RecursionError) as error:
        raise ValueError("This is no signed credential.") from error
    if not isinstance(claims, dict):
        raise ValueError("A credential is an object.")
    return claims


def revoked_in(signed_list: str, keys: Iterable[Key], claims: Mapping[str, Any]) -> bool:
    """Whether a signed status list says that a credential is revoked. Raises ValueError where it cannot tell."""
    by_thumbprint = {key.thumbprint: key for key in keys}
    try:
        header = jwt.get_unverified_header(signed_list)
        key = by_thumbprint[addresses.last_part(header.get("kid"))]
        listed = jwt.decode(signed_list, key.public, algorithms=[ALGORITHM], options=_ONLY_SIGNATURE)
    except (jwt.PyJWTError, KeyError, RecursionError) as error:
        raise ValueError("The status list is not signed by one of the keys.") from error
    status, subject = _inner(claims, "credentialStatus"), _inner(listed, "credentialSubject")
    if status.get("statusListCredential") != listed.get("id"):
        raise ValueError("The credential stands in another status list.")
    return is_set(str(subject.get("encodedList", "")), int(str(status.get("statusListIndex", ""))))


def _opened(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if not token:
        raise _RefusedError(State.UNREADABLE, "Form", "This is not a signed credential, or not the whole of one.")
    try:
        header = jwt.get_unverified_header(token)
        return header, claims_in(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _RefusedError(State.UNREADABLE, "Form", "This looks like a credential, but cannot be read.") from None


# What else the library would look at is checked below, in words of our own.
_ONLY_SIGNATURE: Any = {
    "verify_signature": True,
    **dict.fromkeys(
        ("verify_aud", "verify_exp", "verify_iat", "verify_iss", "verify_jti", "verify_nbf", "verify_sub"), False
    ),
}


def _signature(
    token: str, header: Mapping[str, Any], claims: Mapping[str, Any], keys: Mapping[str, Key], issuer: str | None
) -> Step:
    key = keys.get(addresses.last_part(header.get("kid")))
    if key is None:
        if issuer is not None and claims.get("iss") == issuer:
            said = f"It names {issuer} as its issuer, but none of their published keys signed it. Do not rely on it."
            raise _RefusedError(State.FORGED, "Signature", said)
        said = "None of the published keys signed it. Ask whoever issued it how to check it."
        raise _RefusedError(State.FOREIGN, "Signature", said)
    if header.get("alg") != ALGORITHM or header.get("typ", "JWT") != "JWT":
        said = f"It names one of the published keys, but not the way that key signs ({ALGORITHM})."
        raise _RefusedError(State.ALTERED, "Signature", said)
    try:
        jwt.decode(token, key.public, algorithms=[ALGORITHM], options=_ONLY_SIGNATURE)
    except (jwt.PyJWTError, ValueError, RecursionError):
        said = "The signature does not fit: something was changed after it was signed."
        raise _RefusedError(State.ALTERED, "Signature", said) from None
    return Step("Signature", True, f"It is signed by the published key {key.thumbprint[:8]}…, and unchanged since.")


def _issuer(claims: Mapping[str, Any], issuer: str | None, may_have_moved: bool) -> Step:
    named, profile = claims.get("iss"), _inner(claims, "issuer")
    if not named or named != profile.get("id"):
        raise _RefusedError(State.WRONG, "Issuer", "It names two different issuers, or none.")
    said = f"{profile.get('name') or 'Somebody'} issued it ({named})."
    if issuer is None:
        return Step("Issuer", None, f"{said} Make sure that the keys are theirs.")
    if named == issuer:
        return Step("Issuer", True, said)
    if may_have_moved:
        return Step("Issuer", True, f"{said} That is an address that we had before.")
    raise _RefusedError(State.WRONG, "Issuer", f"It names another issuer: {named}.")


def _content(claims: Mapping[str, Any], now: datetime) -> Step:
    """What Open Badges 3.0 wants of a VC-JWT: the claims agree with the credential, which has begun and not ended."""
    start, end = moment_in(claims.get("validFrom")), claims.get("validUntil")
    problem = ""
    if "OpenBadgeCredential" not in _strings(claims.get("type")):
        problem = "It is signed, but no badge."
    elif claims.get("jti") != claims.get("id") or not claims.get("id"):
        problem = "It has two different numbers."
    elif not claims.get("sub") or claims.get("sub") != _inner(claims, "credentialSubject").get("id"):
        problem = "It is about two different people."
    elif start is None or claims.get("nbf") != start.timestamp():
        problem = "It has two different dates."
    elif start > now + _LEEWAY:
        problem = "It is not valid yet."
    elif end is not None and not _ends_after(end, now):
        problem = "It is valid no longer."
    if problem:
        raise _RefusedError(State.WRONG, "Content", problem)
    return Step("Content", True, "What it says agrees with itself (Open Badges 3.0).")


def _ends_after(end: object, now: datetime) -> bool:
    moment = moment_in(end)
    return moment is not None and moment > now


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _inner(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = claims.get(name)
    return found if isinstance(found, dict) else {}


def read_jwks(text: str) -> tuple[Key, ...]:
    """The Ed25519 keys of a published set, others left out. Raises ValueError where it is no such set."""
    try:
        listed = json.loads(text)["keys"]
        found = [jwk for jwk in listed if isinstance(jwk, dict) and jwk.get("crv") == "Ed25519"]
        return tuple(read_public(str(jwk["x"])) for jwk in found)
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        raise ValueError("This is no set of public keys (JWKS).") from error

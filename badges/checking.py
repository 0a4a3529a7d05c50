"""Checking a credential against what this site knows: its keys, what it revoked, what it shows."""

from __future__ import annotations

from datetime import datetime

from badges import addresses
from badges.claims import achievement_claims
from badges.keys import published_keys
from badges.models import Credential, Revocation
from badges.status import position_in
from badges.verifying import State, Step, Verdict, verify, with_holder, with_status


def check(text: str, *, email: str = "", now: datetime) -> tuple[Verdict, Credential | None]:
    """The verdict on what somebody brought, and our page of it where there still is one; `email` is its holder's."""
    verdict, credential = _checked(text, now)
    return with_holder(verdict, email), credential


def _checked(text: str, now: datetime) -> tuple[Verdict, Credential | None]:
    verdict = verify(text, published_keys(), issuer=addresses.issuer(), now=now, may_have_moved=True)
    if not verdict.holds:
        return verdict, None
    uuid = addresses.uuid_in(verdict.claims.get("id"))
    credential = Credential.objects.for_page().filter(uuid=uuid).first() if uuid else None
    if credential is not None:
        return _with_row(verdict, credential), credential
    # The account is gone; what was revoked before stays so.
    position = position_in(verdict.claims)
    revoked = None if position is None else Revocation.objects.filter(position=position).exists()
    return with_status(verdict, revoked), None


def check_row(credential: Credential, *, now: datetime) -> Verdict:
    """Whether the credential that we keep holds, and says what its page shows."""
    verdict = verify(credential.jwt, published_keys(), issuer=addresses.issuer(), now=now, may_have_moved=True)
    if verdict.holds and not _says_what_is_shown(verdict, credential):
        step = Step("Content", False, "What this page shows is not what was signed.")
        return Verdict(State.ALTERED, (*verdict.steps[:-1], step), verdict.claims)
    return _with_row(verdict, credential)


def _with_row(verdict: Verdict, credential: Credential) -> Verdict:
    said = ""
    if credential.revoked_at is not None:
        reason = credential.reason.rstrip(".")
        said = f"The issuer revoked it on {credential.revoked_at:%B} {credential.revoked_at.day}, "
        said += f"{credential.revoked_at.year}: {reason}."
    return with_status(verdict, credential.is_revoked, said)


def _says_what_is_shown(verdict: Verdict, credential: Credential) -> bool:
    """Addresses aside: the site may have had another one when it signed."""
    subject, shown = verdict.claims["credentialSubject"], achievement_claims(credential.achievement)
    signed = subject.get("achievement")
    return (
        isinstance(signed, dict)
        and addresses.uuid_in(verdict.claims["id"]) == credential.uuid
        and all(signed.get(name) == shown[name] for name in ("name", "description", "criteria", "specialization"))
        and subject.get("source", {}).get("name") == credential.achievement.approved_by
    )

"""From an approval to a signed credential, and back. The only writer of `Credential`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from accounts.models import User
from badges.achievements import Achievement, Exhibit
from badges.claims import Holder, claims_of
from badges.keys import published_keys
from badges.models import Credential, Definition, Shown
from badges.signing import sign

_SALT = 16  # bytes


@transaction.atomic
def issue(
    *, learner: User, achievement: Achievement, evidence: Sequence[Exhibit], source: str, now: datetime
) -> Credential:
    """The credential for a source such as “decision:17”. A second call for the same source returns the first's.

    Raises ValueError where the source has a credential of somebody else.
    """
    if earlier := Credential.objects.filter(source=source).first():
        return _checked(earlier, learner)
    position, uuid = _next_position(), uuid4()
    key = published_keys()[0]
    credential = Credential(
        pk=position,
        uuid=uuid,
        learner=learner,
        kind=achievement.kind,
        source=source,
        claims={"achievement": achievement.to_json(), "evidence": [exhibit.to_json() for exhibit in evidence]},
        jwt=sign(claims_of(achievement, uuid=uuid, position=position, issued_at=now), key=key),
        kid=key.thumbprint,
        issued_at=now,
    )
    # Waits for whoever is issuing for the same source at this moment, and then leaves theirs alone.
    Credential.objects.bulk_create([credential], ignore_conflicts=True)
    issued = Credential.objects.get(source=source)
    if issued.pk == position:
        _define(achievement)
    return _checked(issued, learner)


@transaction.atomic
def revoke(*, source: str, by: User | None, reason: str, now: datetime) -> Credential | None:
    """Revoke what was issued for a source, for good; None where nothing was. The first reason stays.

    Anybody who looks at the badge can read the reason.
    """
    credential = Credential.objects.select_for_update(no_key=True).filter(source=source).first()
    if credential is None or credential.revoked_at is not None:
        return credential
    credential.revoked_at, credential.revoked_by, credential.reason = now, by, reason
    credential.save(update_fields=["revoked_at", "revoked_by", "reason"])
    return credential


@transaction.atomic
def allow(credential: Credential, *, by: User, shows_name: bool, shows_evidence: Shown) -> Credential:
    """What the learner lets others see from now on. Raises DoesNotExist where it is not theirs."""
    mine = Credential.objects.of(by).select_for_update(no_key=True).get(pk=credential.pk)
    mine.shows_name, mine.shows_evidence = shows_name, shows_evidence
    mine.save(update_fields=["shows_name", "shows_evidence"])
    return mine


def signed_copy(credential: Credential, *, now: datetime) -> str:
    """A fresh credential for the learner's own hands: tied to their address, with what they allow at this moment.

    The salt is new each time, so that two copies cannot be told to be the same person's without knowing the address.
    """
    learner = credential.learner
    holder = Holder(learner.email, secrets.token_hex(_SALT), credential.shown_name)
    return sign(
        claims_of(
            credential.achievement,
            uuid=credential.uuid,
            position=credential.pk,
            issued_at=credential.issued_at,
            valid_from=now,
            evidence=credential.shown_exhibits,
            holder=holder,
        )
    )


@transaction.atomic
def sign_again() -> int:
    """Sign anew what was signed by a key that is published no more, and say how much that was."""
    key, *others = published_keys()
    lost = Credential.objects.signed_with_none_of([each.thumbprint for each in (key, *others)])
    count = 0
    for credential in lost.select_for_update(no_key=True).order_by("pk").iterator():
        credential.jwt = sign(
            claims_of(
                credential.achievement,
                uuid=credential.uuid,
                position=credential.pk,
                issued_at=credential.issued_at,
            ),
            key=key,
        )
        credential.kid = key.thumbprint
        credential.save(update_fields=["jwt", "kid"])
        count += 1
    return count


def _checked(credential: Credential, learner: User) -> Credential:
    if credential.learner_id != learner.pk:
        raise ValueError(f"{credential.source} has a credential of another learner.")
    return credential


def _next_position() -> int:
    """The id of the next credential, which has to be known before it is signed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('badges_credential', 'id'))")
        (position,) = cursor.fetchone()
    return int(position)


def _define(achievement: Achievement) -> None:
    Definition.objects.bulk_create(
        [Definition(key=achievement.key, achievement=achievement.to_json())],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["achievement"],
    )

"""What a credential says, in the words of Open Badges 3.0. Pure: from what was achieved to the claims of a VC-JWT.

The members of the credential are the claims of the JWT; `iss`, `jti`, `sub` and `nbf` repeat four of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from badges import addresses
from badges.achievements import Achievement, Exhibit, Kind
from badges.spelling import stamp
from badges.status import entry

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
]
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_TYPES = {Kind.MILESTONE.value: "Badge", Kind.ROADMAP.value: "CertificateOfCompletion"}

type Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Holder:
    """What a learner's own copy says about the learner. The credential that anybody may fetch has none of it."""

    email: str
    salt: str
    name: str = ""


def claims_of(
    achievement: Achievement,
    *,
    uuid: UUID,
    position: int,
    issued_at: datetime,
    valid_from: datetime | None = None,
    evidence: Sequence[Exhibit] = (),
    holder: Holder | None = None,
) -> Claims:
    """The claims of a credential; with `holder`, of the learner's own copy, which is newer than what it copies."""
    start = (valid_from or issued_at).replace(microsecond=0)
    address, subject = addresses.badge(uuid), uuid5(uuid, "subject").urn
    claims: Claims = {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement.name,
        "description": achievement.description,
        "issuer": issuer(),
        "validFrom": stamp(start),
        "awardedDate": stamp(datetime.combine(achievement.on, time(), UTC)),
        "credentialSubject": _subject(achievement, uuid, subject, holder),
        "credentialStatus": entry(position),
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if evidence:
        claims["evidence"] = [_exhibit(each) for each in evidence]
    return claims | {"iss": addresses.issuer(), "jti": address, "sub": subject, "nbf": int(start.timestamp())}


def issuer() -> Claims:
    """The profile of this site, as credentials name it."""
    return {"id": addresses.issuer(), "type": ["Profile"], "name": "Rounds", "url": f"{settings.SITE_URL}/"}


def achievement_claims(achievement: Achievement) -> Claims:
    """The achievement itself: the same for everybody who has it."""
    return {
        "id": addresses.achievement(achievement.key),
        "type": ["Achievement"],
        "achievementType": _TYPES[achievement.kind],
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": "\n".join(f"* {criterion}" for criterion in achievement.criteria)},
        "specialization": achievement.role,
        "creator": issuer(),
        "image": _image(addresses.achievement_picture(achievement.key), f"The ring of “{achievement.name}”"),
        "inLanguage": "en-US",
    }


def _subject(achievement: Achievement, uuid: UUID, subject: str, holder: Holder | None) -> Claims:
    claims: Claims = {"id": subject, "type": ["AchievementSubject"]}
    if holder is not None:
        claims["identifier"] = list(_identities(holder))
    return claims | {
        "achievement": achievement_claims(achievement),
        # Who assessed it on behalf of the issuer.
        "source": {
            "id": uuid5(uuid, "source").urn,
            "type": ["Profile"],
            "name": achievement.approved_by,
        },
    }


def _identities(holder: Holder) -> Sequence[Claims]:
    identities: list[Claims] = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": identity_hash(holder.email, holder.salt),
            "identityType": "emailAddress",
            "salt": holder.salt,
        }
    ]
    if holder.name:
        identities.append(
            {"type": "IdentityObject", "hashed": False, "identityHash": holder.name, "identityType": "name"}
        )
    return identities


def identity_hash(identity: str, salt: str) -> str:
    """How Open Badges writes a salted hash: the salt stands behind what is hashed."""
    return f"sha256${sha256(f'{identity}{salt}'.encode()).hexdigest()}"


def _exhibit(exhibit: Exhibit) -> Claims:
    claims: Claims = {"type": ["Evidence"], "name": exhibit.title, "genre": exhibit.kind_name}
    if exhibit.link:
        claims["id"] = exhibit.link
    if exhibit.sha256:
        claims["description"] = f"SHA-256 of the file: {exhibit.sha256}"
    return claims


def _image(address: str, caption: str) -> Claims:
    return {"id": address, "type": "Image", "caption": caption}

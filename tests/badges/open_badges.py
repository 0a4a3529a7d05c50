"""The classes of Open Badges 3.0, trimmed to what we write: which members each must and may have.

After the JSON schema of AchievementCredential: https://purl.imsglobal.org/spec/ob/v3p0/schema/json/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_URI = re.compile(r"(https?://\S+|urn:uuid:[0-9a-f-]{36})")

REQUIRED = {
    "credential": {"@context", "id", "type", "credentialSubject", "issuer", "validFrom"},
    "AchievementSubject": {"type", "achievement"},
    "Achievement": {"id", "type", "criteria", "description", "name"},
    "Profile": {"id", "type"},
    "IdentityObject": {"type", "hashed", "identityHash", "identityType"},
    "Evidence": {"type"},
    "Image": {"id", "type"},
    "BitstringStatusListEntry": {"type", "statusPurpose", "statusListIndex", "statusListCredential"},
    "1EdTechJsonSchemaValidator2019": {"id", "type"},
}
ALLOWED = {
    "credential": {
        *("name", "description", "image", "awardedDate", "credentialSchema", "credentialStatus", "evidence"),
        *("endorsement", "endorsementJwt", "validUntil", "proof", "refreshService", "termsOfUse"),
        *("iss", "jti", "nbf", "sub", "exp"),
    },
    "AchievementSubject": {
        *("id", "identifier", "source", "activityStartDate", "activityEndDate", "creditsEarned", "image"),
        *("licenseNumber", "narrative", "result", "role", "term"),
    },
    "Achievement": {
        *("achievementType", "alignment", "creator", "creditsAvailable", "endorsement", "fieldOfStudy", "humanCode"),
        *("image", "inLanguage", "otherIdentifier", "related", "resultDescription", "specialization", "tag", "version"),
    },
    "Profile": {"name", "url", "description", "image", "email", "otherIdentifier", "official", "phone", "address"},
    "IdentityObject": {"salt"},
    "Evidence": {"id", "narrative", "name", "description", "genre", "audience"},
    "Image": {"caption"},
    "BitstringStatusListEntry": {"id", "statusSize", "statusMessage", "statusReference"},
    "1EdTechJsonSchemaValidator2019": set(),
}
ACHIEVEMENT_TYPES = {"Achievement", "Award", "Badge", "Certificate", "CertificateOfCompletion", "Competency", "Course"}
IDENTITY_TYPES = {"name", "emailAddress", "sourcedId", "systemId", "userName", "accountId", "identifier"}


def faults(claims: dict[str, Any]) -> list[str]:
    """What Open Badges 3.0 would not accept in the claims of a VC-JWT."""
    found = [*_members("credential", claims)]
    context = claims.get("@context", [])
    if context[:2] != [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]:
        found.append("The contexts of VC 2.0 and Open Badges come first.")
    if not {"VerifiableCredential"} < set(claims.get("type", [])):
        found.append("It is a VerifiableCredential and more.")
    found += [f"{name} is no moment" for name in ("validFrom", "awardedDate") if not STAMP.fullmatch(claims[name])]
    found += [f"{name} is no address" for name in ("iss", "jti", "sub") if not _URI.fullmatch(claims[name])]
    subject = claims["credentialSubject"]
    if "id" not in subject and "identifier" not in subject:
        found.append("The subject has neither id nor identifier.")
    return found + list(_inside(claims))


def _inside(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _inside(each)
    if not isinstance(value, dict):
        return
    kinds = value.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind in REQUIRED:
            yield from _members(kind, value)
    if "achievementType" in value and value["achievementType"] not in ACHIEVEMENT_TYPES:
        yield f"{value['achievementType']} is no type of achievement"
    if "identityType" in value and value["identityType"] not in IDENTITY_TYPES:
        yield f"{value['identityType']} is no type of identity"
    if value.get("hashed") and not re.fullmatch(r"sha256\$[0-9a-f]{64}", value["identityHash"]):
        yield "An identity is hashed by sha256"
    for each in value.values():
        yield from _inside(each)


def _members(kind: str, value: dict[str, Any]) -> Iterator[str]:
    yield from (f"{kind} lacks {name}" for name in sorted(REQUIRED[kind] - value.keys()))
    yield from (f"{kind} has no {name}" for name in sorted(value.keys() - REQUIRED[kind] - ALLOWED[kind]))

"""From claims to a signed credential."""

from __future__ import annotations

from typing import Any

import jwt

from badges import addresses
from badges.keys import Key, published_keys

ALGORITHM = "EdDSA"


def sign(claims: dict[str, Any], *, typ: str = "JWT", key: Key | None = None) -> str:
    """A compact JWS by the first key. Open Badges wants `JWT` in `typ` and nothing beside alg, kid and typ."""
    key = key or published_keys()[0]
    if key.private is None:
        raise ValueError("This key only proves; it signs no more.")
    headers = {"kid": addresses.key(key.thumbprint), "typ": typ}
    return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers=headers)

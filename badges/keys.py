"""The keys that sign credentials, and those that only prove older ones.

`BADGE_KEYS` lists them, separated by commas. The first signs; all are published. An entry is the private half, or, with
`public:` before it, the public half alone: for a key that signs no more. Both are 32 bytes in base64url, and a key is
named by its thumbprint (RFC 7638). docs/badges.md says how to rotate them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from badges.spelling import decoded, encoded

_PUBLIC = "public:"
_LENGTH = 32  # bytes of an Ed25519 key, of either half
_DEVELOPMENT_KEY = "badge-key"


@dataclass(frozen=True, slots=True)
class Key:
    """One Ed25519 key; `private` is None where it only proves what it signed before."""

    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None = None

    @property
    def x(self) -> str:
        return encoded(self.public.public_bytes_raw())

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the key's required members in alphabetical order, as RFC 7638 has it."""
        return encoded(sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{self.x}"}}'.encode()).digest())

    def to_jwk(self, kid: str) -> dict[str, str]:
        """The public half, as RFC 8037 writes it."""
        return {"kty": "OKP", "crv": "Ed25519", "x": self.x, "kid": kid, "use": "sig", "alg": "EdDSA"}


def new_key() -> str:
    """A fresh private key, as an entry of `BADGE_KEYS`."""
    return encoded(Ed25519PrivateKey.generate().private_bytes_raw())


def public_entry(private: str) -> str:
    """The entry of `BADGE_KEYS` that keeps a private one's public half. Raises ValueError."""
    return _PUBLIC + _read(private).x


def read_keys(entries: Iterable[str]) -> tuple[Key, ...]:
    """The keys of `BADGE_KEYS`. Raises ImproperlyConfigured, without a word of any key."""
    keys: list[Key] = []
    for place, entry in enumerate(filter(None, map(str.strip, entries)), start=1):
        try:
            keys.append(_read(entry))
        except ValueError:
            raise ImproperlyConfigured(
                f"Entry {place} of BADGE_KEYS is no key. `manage.py badge_key` makes one."
            ) from None
    if not keys or keys[0].private is None:
        raise ImproperlyConfigured("The first entry of BADGE_KEYS has to be a private key: it signs.")
    if len({key.thumbprint for key in keys}) < len(keys):
        raise ImproperlyConfigured("A key stands in BADGE_KEYS twice.")
    return tuple(keys)


def _read(entry: str) -> Key:
    if entry.startswith(_PUBLIC):
        return read_public(entry.removeprefix(_PUBLIC))
    private = Ed25519PrivateKey.from_private_bytes(_raw(entry))
    return Key(private.public_key(), private)


def read_public(x: str) -> Key:
    """A public half. Raises ValueError."""
    return Key(Ed25519PublicKey.from_public_bytes(_raw(x)))


def _raw(text: str) -> bytes:
    raw = decoded(text)
    if len(raw) != _LENGTH:
        raise ValueError("A key has 32 bytes.")
    return raw


def published_keys() -> tuple[Key, ...]:
    """All keys of this site; the first signs."""
    return _published(tuple(settings.BADGE_KEYS), settings.VAR if settings.DEVELOPING else None)


@lru_cache(maxsize=8)
def _published(entries: tuple[str, ...], var: Path | None) -> tuple[Key, ...]:
    if not entries and var is not None:
        entries = (_development_key(var),)
    return read_keys(entries)


def _development_key(var: Path) -> str:
    """A laptop's own key: made once, readable by nobody else. Two processes may come here at once: one file wins."""
    path = var / _DEVELOPMENT_KEY
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        draft = var / f"{_DEVELOPMENT_KEY}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_key())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()

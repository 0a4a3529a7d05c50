"""A learner's own badges, each with the forms that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from badges import addresses
from badges.forms import AllowForm, CertificateForm
from badges.models import Credential


@dataclass(frozen=True, slots=True)
class Entry:
    """One badge or certificate."""

    credential: Credential
    allow: AllowForm
    paper: CertificateForm | None  # where it can be had on paper

    @property
    def address(self) -> str:
        """What the learner passes on."""
        return addresses.badge(self.credential.uuid)


class Shelf:
    """All of a learner's, the newest first. A form that failed stands in for the one of the same badge."""

    def __init__(self, learner: User, *, about: UUID | None = None, failed: AllowForm | CertificateForm | None = None):
        self.learner = learner
        self.about, self.failed = about, failed
        # What is revoked counts no longer, and stands last.
        self.entries = sorted(self._entries(), key=lambda entry: entry.credential.is_revoked)

    def _entries(self) -> Iterator[Entry]:
        for credential in Credential.objects.of(self.learner):
            credential.learner = self.learner
            failed = self.failed if credential.uuid == self.about else None
            allow = failed if isinstance(failed, AllowForm) else AllowForm(instance=credential)
            paper = failed if isinstance(failed, CertificateForm) else self._paper(credential)
            yield Entry(credential, allow, paper)

    def _paper(self, credential: Credential) -> CertificateForm | None:
        if not credential.is_certificate or credential.is_revoked:
            return None
        return CertificateForm(initial={"name": self.learner.display_name}, auto_id=f"id_{credential.uuid}_%s")

    def entry(self, uuid: UUID) -> Entry:
        return next(entry for entry in self.entries if entry.credential.uuid == uuid)

    @property
    def valid(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.credential.is_revoked]

    @property
    def certificates(self) -> int:
        return sum(entry.credential.is_certificate for entry in self.valid)

    @property
    def badges(self) -> int:
        return len(self.valid) - self.certificates

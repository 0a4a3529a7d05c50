"""The one error of all inspections."""

from __future__ import annotations


class RefusedFileError(Exception):
    """A file that is not taken; the reason is for the person who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

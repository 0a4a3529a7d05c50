"""What a browser complains about while a test runs, and whom it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Chromium says these on every page that answers so; no page can avoid it.
FAILED = "Failed to load resource: the server responded with a status of {}"
POLICY = re.compile(r"default-src 'none'; script-src 'self'( 'nonce-[^']+')?; style-src 'self'( 'nonce-[^']+')?; ")


@dataclass
class Watch:
    """Every complaint of the browser fails the test, unless the test declared it; a declared one must come."""

    host: str
    _said: list[str] = field(default_factory=list)
    _declared: list[str] = field(default_factory=list)
    _others: list[str] = field(default_factory=list)
    _policies: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def expect(self, text: str) -> None:
        """Declare that the browser will complain with this text in it, once or more."""
        self._declared.append(text)

    def expect_status(self, status: int) -> None:
        self.expect(FAILED.format(status))

    def problems(self) -> list[str]:
        undeclared = [said for said in self._said if not any(text in said for text in self._declared)]
        missing = [
            f"declared, but not said: {text}" for text in self._declared if not any(text in said for said in self._said)
        ]
        return [
            *undeclared,
            *missing,
            *(f"asked another host: {url}" for url in self._others),
            *(f"another Content-Security-Policy: {policy}" for policy in self._policies),
        ]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self._said.append(f"{message.type}: {message.text} ({place})")

    def _on_error(self, error: WebError) -> None:
        self._said.append(f"exception: {error.error}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self._others.append(request.url)

    def _on_response(self, response: Response) -> None:
        """The policy of every document is the strict one of the settings, never one softened for a test."""
        if response.request.resource_type != "document" or 300 <= response.status < 400:
            return
        policy = response.headers.get("content-security-policy", "none")
        if not POLICY.match(policy) or "unsafe" in policy or "*" in policy:
            self._policies.append(f"{policy} ({response.url})")

"""The site that the browser meets: the whole of Rounds in a thread, static files as in production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.test import override_settings
from django.test.testcases import LiveServerThread

from config import context
from roles import frames

# Passkeys are refused on an IP address.
HOST = "localhost"


class Site:
    """Serves with hashed and compressed static files, by WhiteNoise: what a browser transfers here is what it would
    transfer in production. pytest-django's own live server would send them as they lie in the folder.
    """

    def __init__(self, static_root: Path) -> None:
        self._settings: dict[str, Any] = {
            "STORAGES": settings.STORAGES
            | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
            "STATIC_ROOT": str(static_root),
            "WHITENOISE_USE_FINDERS": False,
            "KEEP_VISITOR_PAGES": True,
            "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": True,  # as with DEBUG on: a browser trusts localhost without https
            "ROOT_URLCONF": "tests.browser.urls",
        }
        self._thread = LiveServerThread(HOST, static_handler=lambda application: application)
        self._thread.daemon = True

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._thread.port}"

    @property
    def host(self) -> str:
        return f"{HOST}:{self._thread.port}"

    def start(self) -> None:
        with self.settings():
            call_command("collectstatic", interactive=False, verbosity=0)
            self._thread.start()
            self._thread.is_ready.wait()
        if self._thread.error:
            raise self._thread.error

    def stop(self) -> None:
        self._thread.terminate()

    @contextmanager
    def settings(self) -> Iterator[None]:
        """The settings that the site serves with; without them, other tests in this process go on undisturbed."""
        with override_settings(**self._settings):
            _forget_addresses_of_static_files()
            yield
        _forget_addresses_of_static_files()


def _forget_addresses_of_static_files() -> None:
    context.assets.cache_clear()
    context.link_picture.cache_clear()
    context.icons.cache_clear()
    frames.forget()
    # Templates read anew keep no fragment that was rendered with other addresses.
    for loader in engines["django"].engine.template_loaders:
        loader.reset()

"""How mail leaves: by the server that EMAIL_URL names, or, while developing, into a folder that the browser shows."""

from pathlib import Path
from typing import Any

import dj_email_url


def mailers(*, url: str, folder: Path) -> dict[str, dict[str, Any]]:
    """The setting MAILERS. `url` is such as smtp+tls://user:password@host:587; without one mail goes into `folder`."""
    if not url:
        options: dict[str, Any] = {"file_path": str(folder)}
        return {"default": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": options}}
    parsed = dj_email_url.parse(url)
    options = {
        "host": parsed["EMAIL_HOST"],
        "port": parsed["EMAIL_PORT"],
        "username": parsed["EMAIL_HOST_USER"],
        "password": parsed["EMAIL_HOST_PASSWORD"],
        "use_tls": parsed["EMAIL_USE_TLS"],
        "use_ssl": parsed["EMAIL_USE_SSL"],
        "timeout": 10,
    }
    return {"default": {"BACKEND": parsed["EMAIL_BACKEND"], "OPTIONS": options}}

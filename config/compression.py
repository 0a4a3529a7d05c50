"""Quick compression of pages that are made for one person."""

import gzip
import secrets
from collections.abc import Callable
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Shorter answers gain nothing.
WORTH_IT = 400
# Pages longer than this are worth another half millisecond: it makes them an eighth shorter.
LONG_PAGE = 100_000
# As Django's GZipMiddleware does: a file name of random length hides how long the compressed page really is, so that
# nobody learns secrets from it by guessing (BREACH).
LONGEST_NAME = 100


class QuickGZipMiddleware:
    """gzip at its quickest level: a third of the time of Django's own middleware, for an eighth more bytes.

    Pages that are kept for visitors come compressed already and pass through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or len(response.content) < WORTH_IT:
            return response
        if response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = compressed(response.content)
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["Content-Encoding"] = "gzip"
        return response


def compressed(content: bytes) -> bytes:
    packed = BytesIO()
    name = "x" * (1 + secrets.randbelow(LONGEST_NAME))
    level = 4 if len(content) > LONG_PAGE else 1
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=level, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()

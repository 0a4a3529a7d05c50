from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# What a request does besides reading rows.
_NOT_READING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")


def queries_of(client: Client, url: str, *, method: str = "get", **kwargs: object) -> int:
    """How many queries a page takes once the process knows session and publications, as in production."""
    act = getattr(client, method)
    act(url, **kwargs)
    with CaptureQueriesContext(connection) as captured:
        response = act(url, **kwargs)
    assert response.status_code < 400, response
    return sum(not query["sql"].startswith(_NOT_READING) for query in captured.captured_queries)

"""For those who watch the site: `/healthz` says that the process answers, `/readyz` that it can do its work."""

from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import access

_MIGRATED = "config.health.migrated"


@access.visitor
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return _word("ok")


@access.visitor
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers and has every migration that this code knows; else 503 and the reason in a word.

    Migrations do not go away, so a process that has seen them all only asks the database for a sign of life."""
    local = caches["local"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not local.get(_MIGRATED):
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _word("migrations", status=503)
            local.set(_MIGRATED, True, timeout=None)
    except Error:
        return _word("database", status=503)
    return _word("ok")


def _word(word: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain")

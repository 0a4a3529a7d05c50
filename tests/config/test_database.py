from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import databases

VAR = Path("/somewhere")
URL = "postgres://ann:pass@db.example:5433/rounds"


def test_without_an_address_the_embedded_server_is_used() -> None:
    found = databases(url=None, replica_url=None, var=VAR)["default"]
    assert found["ENGINE"] == "config.postgres"
    assert found["FOLDER"] == VAR / "test-postgres"
    assert not found["DURABLE"]


def test_outside_of_tests_the_embedded_server_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_VERSION")
    found = databases(url=None, replica_url=None, var=VAR)["default"]
    assert found["FOLDER"] == VAR / "postgres"
    assert found["DURABLE"]


def test_an_address_names_the_server() -> None:
    found = databases(url=URL, replica_url=None, var=VAR)
    assert list(found) == ["default"]
    assert found["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert [found["default"][name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ann",
        "pass",
        "db.example",
        5433,
        "rounds",
    ]


@pytest.mark.parametrize("url", ["postgres://ann@/rounds?host=/run/pg", "postgres://ann@%2Frun%2Fpg/rounds"])
def test_an_address_may_name_a_socket(url: str) -> None:
    found = databases(url=url, replica_url=None, var=VAR)["default"]
    assert found["HOST"] or found["OPTIONS"]["host"] == "/run/pg"


def test_connections_are_kept_and_tested_before_use() -> None:
    found = databases(url=URL, replica_url=None, var=VAR, conn_max_age=300)["default"]
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (300, True)


def test_behind_pgbouncer_no_cursor_outlives_its_transaction() -> None:
    assert not databases(url=URL, replica_url=None, var=VAR)["default"]["DISABLE_SERVER_SIDE_CURSORS"]
    assert databases(url=URL, replica_url=None, var=VAR, pgbouncer=True)["default"]["DISABLE_SERVER_SIDE_CURSORS"]


def test_a_replica_has_its_own_alias() -> None:
    found = databases(url=URL, replica_url="postgres://ann:pass@replica.example/rounds", var=VAR)
    assert found["replica"]["HOST"] == "replica.example"
    assert found["replica"]["TEST"]["MIRROR"] == "default"


@pytest.mark.parametrize("url", ["sqlite:///x.db", "nonsense", "postgres://ann@host:port/rounds"])
def test_an_address_of_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as raised:
        databases(url=url, replica_url=None, var=VAR)
    assert url not in str(raised.value)

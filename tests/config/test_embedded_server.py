"""The embedded PostgreSQL, with real processes that are killed in the ways that processes get killed."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.postgres import machine, server

pytestmark = pytest.mark.slow

# Uses the server, says so, and goes on using it until its input ends.
USER_PROCESS = """
import sys
from pathlib import Path
from config.postgres import machine, server
print(server.ensure(Path(sys.argv[1]), durable=True), flush=True)
sys.stdin.read()
"""


class Processes:
    """Starts users of the server in one folder, and ends whatever is left of all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def use(self, script: str = USER_PROCESS) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(self.folder)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def used(self) -> subprocess.Popen[str]:
        process = self.use()
        assert sockets_of(process)
        return process

    def end(self, process: subprocess.Popen[str]) -> None:
        process.communicate(timeout=30)

    def server(self) -> psutil.Process:
        return psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))

    def query(self, statement: str) -> list[tuple[object, ...]]:
        host = str(machine.socket_folder(self.folder / "data"))
        with psycopg.connect(host=host, port=5432, user="postgres", dbname="rounds") as connected:
            cursor = connected.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def runs(self) -> bool:
        return server._alive(self.folder)


def sockets_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def processes(open_folder: Path) -> Iterator[Processes]:
    found = Processes(Path(tempfile.mkdtemp(dir=open_folder)) / "postgres")
    yield found
    for process in found.started:
        process.kill()
        process.communicate()
    assert not found.folder.exists() or eventually(lambda: not found.runs())


def test_the_last_process_that_leaves_stops_the_server(processes: Processes) -> None:
    first, second = processes.used(), processes.used()
    processes.end(first)
    assert processes.query("SELECT 1") == [(1,)]
    processes.end(second)
    assert not processes.runs()


def test_two_that_start_at_once_share_one_server(processes: Processes) -> None:
    both = [processes.use(), processes.use()]
    assert len({sockets_of(process) for process in both}) == 1
    assert processes.query("SELECT 1") == [(1,)]


def test_the_server_stops_when_its_last_process_is_killed(processes: Processes) -> None:
    processes.used().kill()
    assert eventually(lambda: not processes.runs())


def test_a_killed_server_starts_again_for_those_who_use_it(processes: Processes) -> None:
    script = USER_PROCESS.replace(
        "sys.stdin.read()",
        "sys.stdin.readline(); "
        + "print(server.ensure(Path(sys.argv[1]), durable=False), flush=True); sys.stdin.read()",
    )
    user = processes.use(script)
    assert sockets_of(user)
    processes.query("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = processes.server()
    killed.kill()
    killed.wait(10)
    assert user.stdin
    user.stdin.write("\n")
    user.stdin.flush()
    assert sockets_of(user)
    assert processes.query("SELECT answer FROM kept") == [(42,)]


def test_everything_killed_at_once_starts_again(processes: Processes) -> None:
    user = processes.used()
    processes.query("CREATE TABLE kept AS SELECT 42 AS answer")
    guard = processes.server().parent()
    assert guard
    assert "guard.py" in " ".join(guard.cmdline())
    for process in (guard, processes.server(), psutil.Process(user.pid)):
        process.kill()
    processes.used()
    assert processes.query("SELECT answer FROM kept") == [(42,)]


def test_a_server_whose_guard_is_killed_stops(processes: Processes) -> None:
    processes.used()
    guard = processes.server().parent()
    assert guard
    guard.kill()
    assert sys.platform != "linux" or eventually(lambda: not processes.runs())


def test_a_process_that_got_the_number_of_a_dead_server_is_left_alone(processes: Processes) -> None:
    processes.end(processes.used())
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        stale = processes.folder / "data" / "postmaster.pid"
        stale.write_text(f"{bystander.pid}\n{stale.parent}\n1\n5432\n{stale.parent}\n\n0 0\nready   \n")
        stale.with_name(".s.PGSQL.5432.lock").write_text(f"{bystander.pid}\n")
        processes.used()
        assert processes.query("SELECT 1") == [(1,)]
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_forked_child_that_leaves_does_not_stop_the_server(processes: Processes) -> None:
    forking = "import os\n" + USER_PROCESS.replace(
        "sys.stdin.read()", "if os.fork() == 0: sys.exit()\nos.wait()\nprint('left', flush=True)\nsys.stdin.read()"
    )
    process = processes.use(forking)
    assert sockets_of(process)
    assert sockets_of(process) == "left"
    assert processes.query("SELECT 1") == [(1,)]


def test_a_database_half_made_is_made_anew(processes: Processes) -> None:
    unfinished = processes.folder / "data.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    processes.used()
    assert processes.query("SELECT 1") == [(1,)]
    assert not unfinished.exists()


@pytest.mark.parametrize("name", ["d" * 120, 'comma, "quote" and $dollar'])
def test_any_path_will_do(processes: Processes, name: str) -> None:
    processes.folder = processes.folder / name / "postgres"
    processes.used()
    assert processes.query("SELECT 1") == [(1,)]


def test_settings_of_other_servers_do_not_disturb(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATA": "/nowhere", "LANG": "xx_XX.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    processes.used()
    monkeypatch.undo()
    assert processes.query("SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why_in_one_line(processes: Processes) -> None:
    processes.end(processes.used())
    (processes.folder / "data" / "postgresql.conf").write_text("shared_buffers = nonsense\n")
    with pytest.raises(machine.ServerError) as raised:
        server.ensure(processes.folder, durable=False)
    server.leave(processes.folder)
    assert "did not start" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_leaving_waits_for_no_one_who_needs_the_server(processes: Processes) -> None:
    user = processes.used()
    with (processes.folder / ".users").open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        begun = time.monotonic()
        processes.end(user)
        assert time.monotonic() - begun < 5
        assert processes.runs()


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="not on the embedded server")
@pytest.mark.django_db
def test_databases_sort_alike_on_every_machine() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == ("b", "C.UTF-8")


def test_commands_that_need_no_database_start_none(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTEST_VERSION", "DATABASE_URL")}
    environment |= {"DEBUG": "1", "ROUNDS_VAR": str(tmp_path)}
    subprocess.run([sys.executable, "manage.py", "check"], cwd=settings.BASE_DIR, env=environment, check=True)
    assert not (tmp_path / "postgres").exists()


@pytest.mark.django_db
def test_the_server_is_of_the_version_whose_abilities_are_taken_for_known() -> None:
    assert connection.features.is_postgresql_18
    assert connection.pg_version >= 180000


def test_a_command_stopped_by_a_signal_leaves_no_server(processes: Processes) -> None:
    processes.used().send_signal(signal.SIGTERM)
    assert eventually(lambda: not processes.runs())


def test_a_guard_that_is_slow_to_look_is_not_taken_for_a_newcomer(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([True] * 5)
    in_use = server._in_use
    monkeypatch.setattr(server, "_in_use", lambda folder: next(looks, False) or in_use(folder))
    server.ensure(processes.folder, durable=False)
    guard = processes.server().parent()
    assert guard
    guard.suspend()
    threading.Timer(0.1, guard.resume).start()
    server.leave(processes.folder)
    assert not processes.runs()

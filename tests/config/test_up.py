"""`manage.py up`, what `make run` calls: refusals, starts, and ends of every kind."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config import preparing
from config.postgres import server


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.mark.parametrize("given", ["0", "65536", "abc", "-1", "80 80", "8000.0", "٣"])
def test_no_port_is_refused(given: str) -> None:
    with pytest.raises(preparing.Refused, match="PORT"):
        preparing.port_number(given)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_refused(host: str) -> None:
    with socket.create_server((host, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(preparing.Refused, match=f"Port {port} is in use on 127.0.0.1"):
            preparing.refuse_taken_port(port)
    preparing.refuse_taken_port(port)


def test_a_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preparing.refuse_full_disk(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 5_000_000))
    with pytest.raises(preparing.Refused, match=r"disk is full.* 5 MB left"):
        preparing.refuse_full_disk(tmp_path / "var")


class Site:
    """`manage.py up` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "DJANGO_", "DATABASE_", "COV_"))
        }
        self.environment |= {"DEBUG": "1", "ROUNDS_VAR": str(folder), "PORT": str(self.port)}

    def command(self, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def refusal(self, **environment: str) -> str:
        process = self.command(**environment)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 1
        assert out == ""
        (line,) = err.splitlines()
        return line

    def start(self) -> None:
        begun = time.monotonic()
        self.process = self.command()
        while self.answer("/readyz") != "ok\n":
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() - begun < 120
            time.sleep(0.05)

    def answer(self, path: str) -> str | None:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response,
        ):
            return response.read().decode()
        return None

    def worker(self) -> psutil.Process:
        """The process that does its background work, once it runs."""
        assert self.process
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for child in psutil.Process(self.process.pid).children():
                with contextlib.suppress(psutil.Error):
                    if "work" in child.cmdline():
                        return child
            time.sleep(0.05)
        raise AssertionError("no worker")

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        assert self.process
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    def nothing_is_left(self) -> bool:
        """Neither the port nor the database is held any more."""
        with contextlib.suppress(preparing.Refused):
            preparing.refuse_taken_port(self.port)
            return not server._alive(self.folder / "postgres")
        return False


@pytest.fixture(scope="module")
def prepared(open_folder: Path) -> Path:
    """The folder of a site that was started once."""
    site = Site(open_folder / "site")
    site.start()
    code, out, _err = site.end(signal.SIGTERM)
    assert code == 0
    assert f"http://localhost:{site.port}/" in out
    assert "learner@rounds.example" in out
    assert "rounds-demo" in out
    assert site.nothing_is_left()
    return site.folder


@pytest.fixture
def site(prepared: Path) -> Iterator[Site]:
    found = Site(prepared)
    yield found
    if found.process and found.process.poll() is None:
        os.killpg(found.process.pid, signal.SIGKILL)
        found.process.communicate()


def eventually_nothing_is_left(site: Site, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if site.nothing_is_left():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_quietly_the_worker_too(site: Site, number: signal.Signals) -> None:
    site.start()
    worker = site.worker()
    code, _out, err = site.end(number)
    assert code == 0
    assert err == ""
    assert not worker.is_running()
    assert site.nothing_is_left()


@pytest.mark.slow
def test_the_worker_of_a_killed_site_ends_by_itself(site: Site) -> None:
    site.start()
    worker = site.worker()
    time.sleep(2)  # it is at work
    site.end(signal.SIGKILL)
    psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running()
    assert eventually_nothing_is_left(site)


@pytest.mark.slow
def test_a_later_start_does_nothing_again_and_a_worker_that_dies_is_started_again(site: Site) -> None:
    """One start for both: each takes five seconds."""
    site.start()
    assert site.process
    used = psutil.Process(site.process.pid).cpu_times()
    assert used.user + used.system < 5  # its own seconds, since other tests run beside this one
    worker = site.worker()
    worker.kill()
    worker.wait(10)
    assert site.worker().pid != worker.pid
    assert site.answer("/readyz") == "ok\n"
    _code, out, err = site.end(signal.SIGTERM)
    assert "worker_started_again" in err
    assert "Preparing" not in out
    assert "Loading" not in out


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_ends_all_quietly(site: Site) -> None:
    site.start()
    assert site.process
    os.killpg(site.process.pid, signal.SIGINT)
    _out, err = site.process.communicate(timeout=20)
    assert site.process.returncode == 0
    assert err == ""
    assert site.nothing_is_left()


@pytest.mark.slow
def test_a_killed_site_frees_port_and_database_and_starts_again(site: Site) -> None:
    site.start()
    site.end(signal.SIGKILL)
    assert eventually_nothing_is_left(site)
    site.start()
    site.end(signal.SIGTERM)


@pytest.mark.slow
def test_all_killed_at_once_start_again(site: Site) -> None:
    site.start()
    assert site.process
    os.killpg(site.process.pid, signal.SIGKILL)
    site.process.communicate()
    site.start()
    site.end(signal.SIGTERM)


@pytest.mark.slow
def test_a_killed_database_is_back_for_the_next_request(site: Site) -> None:
    site.start()
    postmaster = int((site.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    backends = psutil.Process(postmaster).children()
    os.kill(postmaster, signal.SIGKILL)
    # They notice a moment later; until then a request could meet one in its last words.
    psutil.wait_procs(backends, timeout=server.STOP_SECONDS)
    assert site.answer("/readyz") == "ok\n"
    site.end(signal.SIGTERM)


@pytest.mark.slow
def test_refuses_a_port_in_use_with_one_line(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        assert f"Port {site.port} is in use on 127.0.0.1" in site.refusal()


@pytest.mark.slow
def test_refuses_a_port_that_is_none_with_one_line(site: Site) -> None:
    assert "PORT" in site.refusal(PORT="abc")


@pytest.mark.slow
def test_refuses_a_database_out_of_reach_with_one_line(site: Site) -> None:
    line = site.refusal(DATABASE_URL=f"postgres://ann:a-secret@127.0.0.1:{free_port()}/rounds")
    assert "The database of DATABASE_URL cannot be reached" in line
    assert "a-secret" not in line


@pytest.mark.slow
def test_two_started_at_once_both_serve(site: Site) -> None:
    other = Site(site.folder)
    other.process = other.command()
    site.start()
    while other.answer("/readyz") != "ok\n":
        assert other.process.poll() is None
        time.sleep(0.05)
    site.end(signal.SIGTERM)
    assert other.answer("/readyz") == "ok\n"
    other.end(signal.SIGTERM)
    assert other.nothing_is_left()

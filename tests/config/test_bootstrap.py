"""./bootstrap, on a small lock of its own that needs no network."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


class Checkout:
    """A folder with the scripts of this one, and a lock that names one package beside it."""

    def __init__(self, root: Path, uv: str | None) -> None:
        self.root = root
        self.wheels = root / "wheels"
        self.programs = root / "programs"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("UV_", "PIP_", "PYTEST", "ROUNDS_", "VIRTUAL_ENV"))
        }
        self.environment |= {"PYTHON": sys.executable, "PIP_NO_INPUT": "1"}
        for folder in (root / "requirements", self.wheels, self.programs):
            folder.mkdir()
        for name in ("bootstrap", "requirements/install.py", "requirements/uv.txt"):
            shutil.copy(settings.BASE_DIR / name, root / name)
        if uv:
            (self.programs / "uv").symlink_to(uv)
            self.environment["PATH"] = f"{self.programs}:{self.environment['PATH']}"
        self.lock(self.wheel("1.0"))

    def wheel(self, version: str) -> str:
        """Make a package; the line of a lock that names it."""
        path = self.wheels / f"roundsdemo-{version}-py3-none-any.whl"
        info = f"roundsdemo-{version}.dist-info"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("roundsdemo.py", f"version = '{version}'\n")
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: roundsdemo\nVersion: {version}\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        return f"roundsdemo=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"

    def lock(self, *lines: str, index: str = "--no-index") -> None:
        text = "\n".join([index, f"--find-links {self.wheels}", *lines, ""])
        (self.root / "requirements" / "dev.txt").write_text(text)

    def broken_uv(self, complaint: str) -> None:
        """A uv that can say its version, and nothing else."""
        fake = self.programs / "uv"
        fake.unlink(missing_ok=True)
        fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "{complaint}"\nexit 1\n')
        fake.chmod(0o755)
        self.environment["PATH"] = f"{self.programs}:{self.environment['PATH']}"

    def bootstrap(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["./bootstrap"],
            cwd=self.root,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )

    def installed(self) -> str:
        done = subprocess.run(
            [self.root / ".venv/bin/python", "-c", "import roundsdemo; print(roundsdemo.version)"],
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()


@pytest.fixture(scope="session")
def uv() -> str | None:
    done = subprocess.run(["./bootstrap", "uv"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    return shutil.which(done.stdout.strip())


@pytest.fixture
def checkout(tmp_path: Path, uv: str | None) -> Checkout:
    return Checkout(tmp_path, uv)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The line that says why, which must be the only one after that which says what is going on."""
    assert done.returncode != 0
    *before, last = done.stderr.splitlines()
    assert all(line.startswith("bootstrap: installing") for line in before)
    assert done.stdout == ""
    return last


def test_installs_the_lock_once(checkout: Checkout) -> None:
    assert checkout.bootstrap().returncode == 0
    assert checkout.installed() == "1.0"
    before = os.times()
    again = checkout.bootstrap()
    used = os.times()  # seconds of its own, since other tests run beside this one
    assert used.children_user + used.children_system - before.children_user - before.children_system < 0.5
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_follows_a_changed_lock(checkout: Checkout) -> None:
    checkout.bootstrap()
    checkout.lock(checkout.wheel("2.0"))
    assert checkout.bootstrap().returncode == 0
    assert checkout.installed() == "2.0"


def test_makes_the_environment_of_a_moved_folder_anew(checkout: Checkout, tmp_path: Path) -> None:
    checkout.bootstrap()
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    shutil.copytree(tmp_path, moved, symlinks=True)
    checkout.root = moved
    assert checkout.bootstrap().returncode == 0
    assert str(moved) in (moved / ".venv/bin/activate").read_text()
    shutil.rmtree(moved)


def test_installs_nowhere_else_whatever_uv_is_told(checkout: Checkout) -> None:
    done = checkout.bootstrap(UV_PYTHON=sys.executable, VIRTUAL_ENV=sys.prefix, PIP_USER="1")
    assert done.returncode == 0
    assert checkout.installed() == "1.0"
    elsewhere = subprocess.run([sys.executable, "-c", "import roundsdemo"], capture_output=True)
    assert elsewhere.returncode != 0


def test_pip_does_it_where_uv_cannot(checkout: Checkout) -> None:
    checkout.broken_uv("error: something else")
    assert checkout.bootstrap().returncode == 0
    assert checkout.installed() == "1.0"


def test_two_at_once(checkout: Checkout) -> None:
    both = [subprocess.Popen(["./bootstrap"], cwd=checkout.root, env=checkout.environment) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert checkout.installed() == "1.0"


def test_refuses_a_package_that_is_not_the_one_of_the_lock(checkout: Checkout) -> None:
    checkout.lock(f"roundsdemo==1.0 --hash=sha256:{'0' * 64}")
    assert "hash" in refusal(checkout.bootstrap())


def test_refuses_a_package_without_a_hash(checkout: Checkout) -> None:
    checkout.lock("roundsdemo==1.0")
    assert "hash" in refusal(checkout.bootstrap())


def test_refuses_a_lock_that_it_cannot_read(checkout: Checkout) -> None:
    checkout.lock("!!! what is this")
    assert "requirements/dev.txt cannot be read" in refusal(checkout.bootstrap())


def test_refuses_a_lock_whose_package_does_not_exist(checkout: Checkout) -> None:
    checkout.lock(f"roundsdemo==9.0 --hash=sha256:{'0' * 64}")
    assert "does not have all that requirements/dev.txt names" in refusal(checkout.bootstrap())


def test_a_failure_is_not_taken_for_done_the_next_time(checkout: Checkout) -> None:
    checkout.lock("!!! what is this")
    checkout.bootstrap()
    assert "cannot be read" in refusal(checkout.bootstrap())
    checkout.lock(checkout.wheel("1.0"))
    assert checkout.bootstrap().returncode == 0


def test_says_that_the_disk_is_full(checkout: Checkout) -> None:
    checkout.broken_uv("error: failed to write: No space left on device (os error 28)")
    assert "the disk is full" in refusal(checkout.bootstrap())


def test_says_that_there_is_no_network(checkout: Checkout) -> None:
    checkout.broken_uv("error: Request failed: dns error: Temporary failure in name resolution")
    checkout.lock(f"roundsdemo==9.0 --hash=sha256:{'0' * 64}", index="--index-url http://127.0.0.1:9/")
    assert "the package index cannot be reached" in refusal(checkout.bootstrap())


def test_says_which_python_is_missing(checkout: Checkout, tmp_path: Path) -> None:
    for name in ("sh", "cat", "cmp", "dirname"):
        program = shutil.which(name)
        assert program
        (tmp_path / "programs" / name).symlink_to(program)
    (tmp_path / "programs" / "uv").unlink(missing_ok=True)
    checkout.environment = {"PATH": str(checkout.programs), "HOME": str(tmp_path)}
    if any(Path(folder).glob("python3.1[2-9]") for folder in ("/usr/local/bin", "/opt/homebrew/bin")):
        pytest.skip("a Python lies where bootstrap looks for one besides PATH")
    assert "Python 3.12 or later" in refusal(checkout.bootstrap())

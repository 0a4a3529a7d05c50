"""Which Chromium browser tests find, and when they get another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser import chromium


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Puts programs where they are looked for; there are no others."""

    def put(place: str, *, runs: bool = True) -> str:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho Chromium 156\nexit {0 if runs else 1}\n")
        path.chmod(0o755)
        return str(path)

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(chromium, "OF_A_MAC", str(tmp_path / "mac"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "TRIED", tmp_path / "var" / "tried")
    _look_again()
    yield put
    _look_again()


def _look_again() -> None:
    chromium.find.cache_clear()
    chromium.find_shell.cache_clear()


def found() -> str | None:
    _look_again()
    return chromium.find()


def test_a_headless_shell_comes_before_a_whole_one_and_what_is_named_before_both(put, monkeypatch):
    assert found() is None
    whole = put("playwright/chromium-1/chrome-linux64/chrome")
    assert found() == whole
    installed = put("bin/chromium")
    assert found() == installed
    shell = put("playwright/chromium_headless_shell-1/chrome-headless-shell-linux64/chrome-headless-shell")
    assert found() == shell
    installed = put("bin/chromium-headless-shell")
    assert found() == installed
    monkeypatch.setenv("CHROMIUM", whole)
    assert found() == whole


def test_one_that_does_not_run_is_passed_over(put, monkeypatch):
    whole = put("bin/chromium")
    put("bin/chromium-headless-shell", runs=False)
    monkeypatch.setenv("CHROMIUM", put("named", runs=False))
    assert found() == whole


def test_a_shell_is_looked_for_once_where_a_whole_one_does(put, monkeypatch):
    asked = []
    monkeypatch.setattr(chromium, "install", lambda **how: asked.append(how))
    put("bin/chromium")
    for _ in range(2):
        _look_again()
        chromium.main()
    assert asked == [{"whole": False}]


def test_without_any_it_says_so(put, monkeypatch):
    monkeypatch.setattr(chromium, "install", lambda **how: None)
    with pytest.raises(SystemExit, match="No Chromium found"):
        chromium.main()


def test_with_a_shell_or_one_that_is_named_nothing_is_installed(put, monkeypatch):
    monkeypatch.setattr(chromium, "install", lambda **how: pytest.fail("nothing to install"))
    put("bin/chromium-headless-shell")
    chromium.main()
    Path(put("bin/chromium-headless-shell")).unlink()
    monkeypatch.setenv("CHROMIUM", put("bin/chromium"))
    _look_again()
    chromium.main()

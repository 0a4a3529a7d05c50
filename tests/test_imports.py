"""Imports between our apps run one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

MAY_IMPORT = {
    "accounts": {"accounts"},
    "roles": {"roles", "accounts"},
    "badges": {"badges", "accounts"},
    "mentoring": {"mentoring", "roles", "accounts"},
    "roadmaps": {"roadmaps", "mentoring", "badges", "roles", "accounts"},
    "interviews": {"interviews", "mentoring", "badges", "roles", "accounts"},
}
OURS = {*MAY_IMPORT, "config", "tests"}


def imports_of(path: Path) -> set[str]:
    """The top-level packages of ours that a file imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found & OURS


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_an_app_imports_only_what_stands_below_it(app):
    wrong = {
        str(path.relative_to(settings.BASE_DIR)): sorted(extra)
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if (extra := imports_of(path) - MAY_IMPORT[app])
    }
    assert wrong == {}


def test_nothing_of_the_product_imports_tests():
    files = [path for app in (*MAY_IMPORT, "config") for path in (settings.BASE_DIR / app).rglob("*.py")]
    assert [str(path) for path in files if "tests" in imports_of(path)] == []


@pytest.mark.parametrize("name", ["utils.py", "services.py", "helpers.py", "signals.py", "mixins.py"])
def test_no_file_is_named_after_nothing(name):
    assert [path for app in (*MAY_IMPORT, "config") for path in (settings.BASE_DIR / app).rglob(name)] == []

from __future__ import annotations

import pytest

# Made for tests, and used by nothing else: 32 times the letter r.
KEY = "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI"


@pytest.fixture(autouse=True)
def _one_key(settings) -> None:
    settings.BADGE_KEYS = [KEY]

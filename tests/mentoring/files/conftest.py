"""A storage of its own for each test."""

import pytest
from django.core.files.storage import storages

from config.files import evidence_storage


@pytest.fixture
def storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(folder=tmp_path / "evidence")}
    return storages["evidence"]

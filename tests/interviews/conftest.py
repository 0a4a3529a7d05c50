import pytest


@pytest.fixture
def storage(settings, tmp_path):
    """Files of the test's own."""
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"evidence": backend}
    return tmp_path

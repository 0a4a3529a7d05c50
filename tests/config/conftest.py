import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder for servers that run as another account, where the tests run as root: pytest closes its own to all
    others, again whenever another pytest starts."""
    folder = Path(tempfile.mkdtemp(prefix="rounds-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)

"""The site's own settings, with two addresses more."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"

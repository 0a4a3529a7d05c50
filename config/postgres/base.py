from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base, features

from config.postgres.client import DatabaseClient
from config.postgres.machine import ServerError
from config.postgres.server import ensure


class DatabaseFeatures(features.DatabaseFeatures):
    """What the packaged server can do is known: to ask it, `manage.py check` would have to start it."""

    is_postgresql_16 = is_postgresql_17 = is_postgresql_18 = True


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL that starts with the first connection, in the folder named by the setting FOLDER."""

    features_class = DatabaseFeatures
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Django asks for these right before each new connection, so a server that died is started again too."""
        folder: Path = self.settings_dict["FOLDER"]
        try:
            sockets = ensure(folder, durable=self.settings_dict["DURABLE"])
        except ServerError as error:
            raise OperationalError(str(error)) from error
        self.settings_dict["HOST"] = str(sockets)
        return super().get_connection_params()

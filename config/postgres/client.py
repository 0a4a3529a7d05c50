from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from config.postgres.machine import program


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that comes with the embedded server."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        args, env = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(program(args[0])), *args[1:]], env

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.get_connection_params()  # starts the server, says where it listens
        super().runshell(parameters)

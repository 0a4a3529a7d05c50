"""Django's PostgreSQL backend over a server of our own, for machines that offer none.

The server starts with the first connection, never with an import: `check`, `collectstatic` and type checkers start
nothing, and every `manage.py` command works without settings. `server.py` has the rules, `guard.py` watches.
"""

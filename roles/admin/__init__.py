"""The catalog in Django admin."""

from roles.admin import curriculum, ladder, learning, role, sources

__all__ = ["curriculum", "ladder", "learning", "role", "sources"]

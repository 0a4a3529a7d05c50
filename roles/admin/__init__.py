"""The catalog in Django admin."""

from roles.admin import curriculum, guides, ladder, learning, market, role, sources

__all__ = ["curriculum", "guides", "ladder", "learning", "market", "role", "sources"]

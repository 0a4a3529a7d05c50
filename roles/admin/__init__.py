"""The catalog in Django admin."""

from roles.admin import checking, curriculum, guides, ladder, learning, links, market, role, sources

__all__ = ["checking", "curriculum", "guides", "ladder", "learning", "links", "market", "role", "sources"]

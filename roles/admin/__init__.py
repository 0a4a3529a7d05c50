"""The catalog in Django admin."""

from roles.admin import checking, curriculum, guides, ladder, learning, links, market, role, sources, start

__all__ = ["checking", "curriculum", "guides", "ladder", "learning", "links", "market", "role", "sources", "start"]

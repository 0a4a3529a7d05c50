"""Pages that need several apps."""

from config.views.about import accessibility, privacy, sources
from config.views.dashboard import dashboard
from config.views.home import home
from config.views.role import role_detail

__all__ = ["accessibility", "dashboard", "home", "privacy", "role_detail", "sources"]

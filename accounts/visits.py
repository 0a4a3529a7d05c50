from datetime import datetime, timedelta

from accounts.models import User

# Pages opened within this time of each other are one visit.
ONE_VISIT = timedelta(minutes=30)


def note_visit(user: User, *, now: datetime) -> datetime | None:
    """Note that the person is here and return when they were here before, or None on the first visit."""
    if user.visited_at is None or now - user.visited_at > ONE_VISIT:
        user.previous_visit_at = user.visited_at
        user.visited_at = now
        user.save(update_fields=["visited_at", "previous_visit_at"])
    return user.previous_visit_at

"""Constraints that every app states in the same words."""

from django.db import models
from django.db.models import CheckConstraint, Q


def one_of(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> CheckConstraint:
    """The database's half of `choices`: nothing else can be stored, by whatever road it comes.

    With `blank`, the column may also be empty.
    """
    return CheckConstraint(
        condition=Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=f"Choose one of: {', '.join(str(label) for label in choices.labels)}.",
    )

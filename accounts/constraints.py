"""Constraints that every app states in the same words."""

from django.db import models
from django.db.models import CheckConstraint, Deferrable, F, Q, UniqueConstraint


def one_of(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> CheckConstraint:
    """The database's half of `choices`: nothing else can be stored, by whatever road it comes.

    With `blank`, the column may also be empty.
    """
    return CheckConstraint(
        condition=Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=f"Choose one of: {', '.join(str(label) for label in choices.labels)}.",
    )


def one_place(*fields: str, what: str) -> UniqueConstraint:
    """At most one row at each place of a list. Judged at the end of a transaction, so that rows can change places."""
    return UniqueConstraint(
        fields=fields,
        name="%(app_label)s_%(class)s_place",
        deferrable=Deferrable.DEFERRED,
        violation_error_message=f"Another {what} has that place.",
    )


def rising(low: str, high: str, *, what: str, equal: bool = False) -> CheckConstraint:
    """Two ends of a range, either of which may be missing: the lower one is not above the upper one."""
    upper = Q(**{f"{low}__{'lte' if equal else 'lt'}": F(high)})
    return CheckConstraint(
        condition=Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True}) | upper,
        name=f"%(app_label)s_%(class)s_{low}_rises",
        violation_error_message=f"The upper {what} must lie above the lower one.",
    )

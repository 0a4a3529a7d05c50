"""Tables that stay: what was submitted, said and decided is kept, and whoever it names may only be forgotten."""

from __future__ import annotations

import pgtrigger
from django.db.models import BooleanField, Func

# Rows may go only together with the person whom they are about: `accounts.erasing` says so to the database.
_ERASING = "coalesce(current_setting('rounds.erasing', true), '') = 'on'"


def kept_unless_erased() -> pgtrigger.Trigger:
    """A table that nothing is ever taken out of, but for a person who leaves altogether."""
    return pgtrigger.Trigger(
        name="never_deleted",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=f"""
            IF {_ERASING} THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'What was submitted, said and decided is never deleted.'
                USING ERRCODE = 'restrict_violation';
        """,
    )


def forgets_only(field: str) -> pgtrigger.Trigger:
    """Whoever it names is never exchanged for somebody else; the name goes when their account does."""
    column = f"{field}_id"
    return pgtrigger.Protect(
        name="forgets_only",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"NEW.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column}"),
    )


class Holds(Func):
    """Whether an array holds an element: `element = ANY(array)`."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

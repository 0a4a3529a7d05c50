"""What the group “Editors” may do: all content and its publishing; nothing about learners."""

from __future__ import annotations

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS, models

GROUP = "Editors"

_NEEDED = {"roles": "Role", "roadmaps": "Publication", "interviews": "Question"}
# Written by the system, or by learners about themselves.
_NO_CONTENT = {
    *("catalogversion", "changeset", "dumpedrow", "lastcheck", "loadedrow", "program"),
    *("rowchange", "searchentry", "searchword"),
}
# Imports and long reverts have their own pages, which ask for the rights to what is changed.
_NO_CONTENT |= {"import", "importfile", "importrow", "revert"}
# Of interview practice the bank alone: everything else there is about learners.
_BANK = {"question", "sampleanswer"}
# History is read; triggers write it.
_HISTORY = {"view_changeset", "view_rowchange"}
# Publications are made, never changed or deleted.
_PUBLISHING = {"view_publication", "add_publication"}


def give_editors_their_permissions(*, using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **_signal: Any) -> None:
    """Make the group, and give it exactly what it should have. Called after every migrate, so new models count too.

    Django makes permissions of an app after that app's migrations, in an order of its own; those that are needed here
    are made first. While migrations are being taken back, some of the models are gone: then there is nothing to do.
    """
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
        for app, model in _NEEDED.items():
            apps.get_model(app, model)
    except LookupError:
        return
    for app in _NEEDED:
        create_permissions(installed.get_app_config(app), verbosity=0, using=using, apps=apps)
    content = models.Q(content_type__app_label="roles")
    content |= models.Q(content_type__app_label="interviews", content_type__model__in=_BANK)
    publishing = models.Q(content_type__app_label="roadmaps", codename__in=_PUBLISHING)
    history = models.Q(content_type__app_label="roles", codename__in=_HISTORY)
    content &= ~models.Q(content_type__model__in=_NO_CONTENT)
    group, _ = Group.objects.using(using).get_or_create(name=GROUP)
    group.permissions.set(Permission.objects.using(using).filter(content | publishing | history))

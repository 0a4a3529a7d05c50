from django.apps import AppConfig, apps
from django.contrib.admin import apps as stock
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"
    default = True

    def ready(self) -> None:
        from config.editors import give_editors_their_permissions
        from roles.history.keeping import keep_history

        post_migrate.connect(keep_history, sender=apps.get_app_config("roles"))
        post_migrate.connect(give_editors_their_permissions, sender=apps.get_app_config("auth"))


class RoundsAdminConfig(stock.AdminConfig):
    """The stock admin, with the site of `config.admin_site`."""

    default = False
    default_site = "config.admin_site.RoundsAdminSite"

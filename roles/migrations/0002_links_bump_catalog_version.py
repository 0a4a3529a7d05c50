from django.db import migrations

from roles.models.base import bumps_catalog_version_from


class Migration(migrations.Migration):
    dependencies = [("roles", "0001_initial")]

    operations = [
        bumps_catalog_version_from(
            "roles_correction_resources",
            "roles_correction_roles",
            "roles_correction_sources",
            "roles_dayslot_skills",
            "roles_goal_replaces",
            "roles_goal_skills",
            "roles_goal_tools",
            "roles_resource_skills",
            "roles_resource_tools",
            "roles_tool_skills",
        ),
    ]

from django.db import migrations

from roles.models.base import bumps_catalog_version_from


class Migration(migrations.Migration):
    dependencies = [("interviews", "0001_initial"), ("roles", "0002_links_bump_catalog_version")]

    operations = [bumps_catalog_version_from("interviews_question_roles", "interviews_question_skills")]

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / 'sql'


class Migration(migrations.Migration):
    """The function of mentoring/sql/desk_of.sql. Whoever changes it adds a migration that runs it again."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('mentoring', '0003_queue_of'),
        ('roles', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            (SQL / 'desk_of.sql').read_text(encoding='utf-8'),
            'DROP FUNCTION mentoring_desk_of(bigint, bigint, timestamptz, timestamptz)',
        ),
    ]

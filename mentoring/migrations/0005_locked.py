from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / 'sql'


class Migration(migrations.Migration):
    """The functions of mentoring/sql/locked.sql. Whoever changes them adds a migration that runs it again."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('mentoring', '0004_desk_of'),
        ('roles', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            (SQL / 'locked.sql').read_text(encoding='utf-8'),
            'DROP FUNCTION mentoring_mentor_locked(bigint, timestamptz);'
            'DROP FUNCTION mentoring_thread_locked(bigint, bigint, uuid)',
        ),
    ]

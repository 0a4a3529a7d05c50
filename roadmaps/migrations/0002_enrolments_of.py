from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / 'sql'


class Migration(migrations.Migration):
    """The function of roadmaps/sql/enrolments_of.sql. Whoever changes it adds a migration that runs it again."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('badges', '0001_initial'),
        ('mentoring', '0001_initial'),
        ('roadmaps', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(
            (SQL / 'enrolments_of.sql').read_text(encoding='utf-8'),
            'DROP FUNCTION roadmaps_enrolments_of(bigint)',
        ),
    ]

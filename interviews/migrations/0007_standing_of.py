from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / 'sql'


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0006_mocks'),
        ('roles', '0004_search'),
    ]

    operations = [
        # Whoever changes a function adds a migration that runs it again.
        migrations.RunSQL(
            (SQL / 'standing.sql').read_text(encoding='utf-8'),
            'DROP FUNCTION interviews_pace_of(bigint);'
            'DROP FUNCTION interviews_numbers_of(bigint, date, date, date);'
            'DROP FUNCTION interviews_standing_of(bigint, bigint, date);',
        ),
    ]

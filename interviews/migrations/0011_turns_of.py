from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parents[1] / 'sql'


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0009_sent_to_mentors'),
    ]

    operations = [
        migrations.RunSQL(
            [(SQL / f'{name}.sql').read_text(encoding='utf-8') for name in ('turns', 'practice', 'standing')],
            'DROP FUNCTION interviews_turns_of(bigint, date)',
        ),
    ]

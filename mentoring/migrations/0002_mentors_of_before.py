"""Accounts that were mentors before mentors had a row: they cover nothing until staff say what."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("mentoring", "0001_initial"),
        ("accounts", "0002_notifications"),
    ]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO mentoring_mentor (user_id, open_limit)
            SELECT id, 5 FROM accounts_user WHERE is_mentor
            ON CONFLICT (user_id) DO NOTHING
            """,
            migrations.RunSQL.noop,
        ),
    ]

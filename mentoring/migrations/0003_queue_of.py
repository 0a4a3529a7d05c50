from django.db import migrations

from mentoring import queue_sql


class Migration(migrations.Migration):
    """The function of mentoring/queue_sql.py. Whoever changes it adds a migration that runs it again."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('mentoring', '0002_mentors_of_before'),
        ('roles', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(queue_sql.QUEUE_OF, 'DROP FUNCTION mentoring_queue_of(bigint, timestamptz, timestamptz)'),
    ]

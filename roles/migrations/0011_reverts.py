import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('roles', '0010_words_dropped_at_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Revert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changesets', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), help_text='Numbers of what is taken back, oldest first.')),
                ('doing', models.CharField(help_text='What it will be called in the history.', max_length=200)),
                ('seen', models.CharField(help_text='Digest of the plan that the editor saw.', max_length=32)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'Is being done'), ('done', 'Done'), ('stopped', 'Not done')], default='waiting', max_length=7)),
                ('total', models.PositiveIntegerField(default=0, help_text='Steps: each row is written, and then judged.')),
                ('done', models.PositiveIntegerField(default=0)),
                ('alive_at', models.DateTimeField(help_text='When this last moved.')),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='Why nothing was done.', max_length=200)),
                ('faults', models.JSONField(default=list, help_text='Pairs of a row and what stands in the way, the first of them.')),
                ('result', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revert', to='roles.changeset')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'stopped'])), name='roles_revert_state_known', violation_error_message='Choose one of: Is being done, Done, Not done.'),
                    models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('seen',), name='roles_revert_asked_once', violation_error_message='This is being reverted already.'),
                    models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='roles_revert_done_of_all', violation_error_message='No more steps can be done than there are.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='roles_revert_ended_has_date', violation_error_message='Exactly what is over has a date.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('result__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', True)), _connector='OR'), name='roles_revert_done_has_result', violation_error_message='Exactly what was done has its place in the history.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'stopped'), models.Q(('why', ''), _negated=True)), models.Q(models.Q(('state', 'stopped'), _negated=True), ('faults', []), ('why', '')), _connector='OR'), name='roles_revert_stopped_says_why', violation_error_message='Exactly what was not done says why.'),
                ],
            },
        ),
    ]

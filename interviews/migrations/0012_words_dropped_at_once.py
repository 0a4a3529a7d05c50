import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('interviews', '0011_turns_of'),
        ('roles', '0010_words_dropped_at_once'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='question',
            name='drop_searchable',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='question',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'question' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='39a89669305f8600a057f85eeb1539d16d694ada', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_64429', referencing='REFERENCING OLD TABLE AS gone ', table='interviews_question', when='AFTER')),
        ),
    ]

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('roles', '0009_imports'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='certification',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='company',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='correction',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guide',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guideanswer',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='guidesection',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='leveltitle',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='resource',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='role',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='skill',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='statistic',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='tool',
            name='drop_searchable',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='usecase',
            name='drop_searchable',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certification',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'certification' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='2d3d9e553f9c8edaec904f992492541f7515ce7e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_64d3d', referencing='REFERENCING OLD TABLE AS gone ', table='roles_certification', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'company' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='25ac321e9258f01d1b3a74b863ed864aef7cd13b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_a6603', referencing='REFERENCING OLD TABLE AS gone ', table='roles_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='correction',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'correction' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='e76acd53dbb47ffbd3ed432d6c618438cc7ba3e2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_19964', referencing='REFERENCING OLD TABLE AS gone ', table='roles_correction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guide',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'guide' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='b176b82e9e74cad0af8761ecc9b7eadcb729016c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_ad50f', referencing='REFERENCING OLD TABLE AS gone ', table='roles_guide', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guideanswer',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'answer' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='c05d7df65dec0f4a92188a485176fea9669b4e44', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_d2aeb', referencing='REFERENCING OLD TABLE AS gone ', table='roles_guideanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guidesection',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'section' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='44c0587ff048e15a55f76cf10002c7f07d702fc7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_d077f', referencing='REFERENCING OLD TABLE AS gone ', table='roles_guidesection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leveltitle',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'title' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='a819ad92eb91485779ad29443912206738b7bab4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_31d86', referencing='REFERENCING OLD TABLE AS gone ', table='roles_leveltitle', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'resource' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='db25a4169b3624f15e65c4617f592c1db57f5962', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_8be56', referencing='REFERENCING OLD TABLE AS gone ', table='roles_resource', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'role' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='249386a24fa2e07b827e1d8a50bd188f984e11ac', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_0ae60', referencing='REFERENCING OLD TABLE AS gone ', table='roles_role', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='skill',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'skill' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='1ed926c1931ff3eecee25c2ba8747687a562ba38', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_2ed62', referencing='REFERENCING OLD TABLE AS gone ', table='roles_skill', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'source' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='42a16402ed2506953ec166bdd27d47c6462adb57', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_ba951', referencing='REFERENCING OLD TABLE AS gone ', table='roles_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statistic',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'figure' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='10fea96681eab81eadccb74aee4f28dde997bca8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_ba737', referencing='REFERENCING OLD TABLE AS gone ', table='roles_statistic', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tool',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'tool' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='5561afa9157e1cfc661e7b5fbae3c2a321b6a636', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_302bd', referencing='REFERENCING OLD TABLE AS gone ', table='roles_tool', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='usecase',
            trigger=pgtrigger.compiler.Trigger(name='drop_searchable', sql=pgtrigger.compiler.UpsertTriggerSql(func="DELETE FROM roles_searchentry WHERE kind = 'use_case' AND about = ANY (SELECT id FROM gone); RETURN NULL;", hash='6f7eb328b8b4390e708dea3d0aa71c31cc01fe0f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_drop_searchable_bb06b', referencing='REFERENCING OLD TABLE AS gone ', table='roles_usecase', when='AFTER')),
        ),
    ]

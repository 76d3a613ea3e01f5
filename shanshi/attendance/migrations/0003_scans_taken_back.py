"""A check-in can be taken back at the door: the visit stays, and took no time."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('attendance', '0002_stamps_evaluations_undone_scans'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_left_by_a_scan',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_earns_when_confirmed',
        ),
        migrations.AlterField(
            model_name='visit',
            name='state',
            field=models.TextField(choices=[('open', 'open'), ('left', 'left'), ('forgotten', 'forgotten'), ('confirmed', 'confirmed'), ('undone', 'undone')], default='open'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'left', 'forgotten', 'confirmed', 'undone'])), name='visit_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_at__isnull', True), ('left_scan__isnull', True), ('state__in', ['open', 'forgotten', 'undone'])), models.Q(('left_at__isnull', False), ('left_scan__isnull', False), ('state__in', ['left', 'confirmed'])), _connector='OR'), name='visit_left_by_a_scan'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('coin_units__gte', 0), ('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('minutes__gte', 0), ('minutes_over_limit__gte', 0), ('state', 'confirmed'), ('stayed__gte', datetime.timedelta(0))), models.Q(('coin_units__isnull', True), ('confirmed_at__isnull', True), ('confirmed_by__isnull', True), ('minutes__isnull', True), ('state__in', ['open', 'left', 'forgotten', 'undone'])), _connector='OR'), name='visit_earns_when_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'undone'), _negated=True), ('during__isempty', True), _connector='OR'), name='visit_undone_took_no_time'),
        ),
    ]

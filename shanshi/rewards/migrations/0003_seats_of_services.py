"""A shift of a merchant's volunteer service has room for so many appointments."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rewards', '0002_services_of_merchants'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='seats',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('seats', 0), models.Q(('activity_id__isnull', False), ('seats__gt', 0)), _connector='OR'), name='offer_has_seats_at_an_activity'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('is_for_residents', False), ('seats__gt', 0), _connector='OR'), name='offer_for_residents_has_seats'),
        ),
    ]

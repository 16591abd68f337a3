from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_password_resets'),
    ]

    operations = [
        migrations.AlterField(
            model_name='identity',
            name='kind',
            field=models.CharField(choices=[('email', 'Email'), ('platform', 'Platform')], max_length=10),
        ),
        migrations.AlterField(
            model_name='identity',
            name='reason',
            field=models.CharField(choices=[('typed', 'Typed'), ('code', 'Code'), ('vouched', 'Vouched')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'platform')), fields=('value_hash',), name='one_customer_a_platform_user'),
        ),
    ]

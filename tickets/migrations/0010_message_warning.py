from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tickets', '0009_recipient_state_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='warning',
            field=models.CharField(blank=True, max_length=500),
        ),
    ]

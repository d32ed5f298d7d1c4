from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_preferences'),
        ('events', '0005_audit'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='event',
            name='event_audited',
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_by_audit',
        ),
        migrations.RemoveIndex(
            model_name='event',
            name='event_audit_by_actor',
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('audit_group', ''), _negated=True), fields=['tenant', 'created_at', 'id'], name='event_audited'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('audit_group', ''), _negated=True), fields=['tenant', 'audit_group', 'created_at', 'id'], name='event_by_audit'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('audit_group', ''), _negated=True), fields=['tenant', 'actor_kind', 'actor_id', 'created_at', 'id'], name='event_audit_by_actor'),
        ),
    ]

import accounts.tenancy
import core.database.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_agents_day"),
        ("customers", "0001_initial"),
        ("files", "0001_initial"),
        ("tickets", "0002_search"),
    ]
    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=50)),
                ("name_folded", models.CharField(max_length=60)),
                ("color", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tag",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.tag"),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("to", "To"), ("cc", "Cc"), ("bcc", "Bcc")], max_length=3)),
                ("address", models.CharField(max_length=320)),
                ("name", models.CharField(blank=True, max_length=200)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="tickets.message"
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("reply", "Reply"), ("note", "Internal note"), ("new", "New ticket")], max_length=5
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("to", models.TextField(blank=True)),
                ("cc", models.TextField(blank=True)),
                ("bcc", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField()),
                (
                    "inbox",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="tickets.inbox"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_inline", models.BooleanField(default=False)),
                ("content_id", models.CharField(blank=True, max_length=255)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="tickets.draft"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CannedReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=100)),
                ("html", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "inbox",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tickets.inbox"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("html", models.TextField(blank=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership"
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=2000)),
                ("position", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "tenant",
                    core.database.fields.TenantKey(
                        default=accounts.tenancy.active_tenant_id,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                    ),
                ),
            ],
        ),
        migrations.AddField(model_name="inbox", name="signature", field=models.TextField(blank=True)),
        migrations.AddField(model_name="message", name="closes", field=models.BooleanField(default=False)),
        migrations.AddField(
            model_name="message",
            name="origin",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AddField(model_name="message", name="origin_number", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name="message", name="undo_until", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="ticket", name="first_replied_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="ticket",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")], default=2
            ),
        ),
        migrations.AddField(model_name="ticket", name="snoozed_until", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="ticket",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="topic",
            field=models.CharField(
                blank=True,
                choices=[
                    ("checkout", "Checkout"),
                    ("edit_orders", "Edit orders"),
                    ("order_status", "Order status"),
                    ("pricing", "Pricing/Discounts"),
                    ("product_details", "Product details"),
                    ("product_interest", "Product interest"),
                    ("returns", "Returns/Delivered orders"),
                    ("shipping", "Shipping"),
                    ("store_info", "Store info"),
                    ("wholesale", "Wholesale"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="delivery_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("queued", "Waiting to be sent"),
                    ("sending", "Being sent"),
                    ("sent", "Sent"),
                    ("failed", "Not sent"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["tenant", "origin"], name="message_by_origin"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="tags",
            field=models.ManyToManyField(related_name="+", through="tickets.TicketTag", to="tickets.tag"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "team", "status", "-last_message_at"], name="ticket_by_team"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["tenant", "inbox", "status", "-last_message_at", "-id"], name="ticket_by_inbox"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["tenant", "-last_message_at", "-id"],
                name="ticket_snoozed",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket", index=models.Index(fields=["tenant", "created_at"], name="ticket_by_opening")
        ),
        migrations.AddIndex(
            model_name="ticket", index=models.Index(fields=["tenant", "closed_at"], name="ticket_by_closing")
        ),
        migrations.AddConstraint(
            model_name="cannedreply",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="canned_reply_number"),
        ),
        migrations.AddIndex(
            model_name="draft", index=models.Index(fields=["tenant", "ticket"], name="draft_by_ticket")
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("tenant", "member", "ticket", "kind"), name="draft_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(fields=("tenant", "draft", "file"), name="draft_file_once"),
        ),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(fields=("tenant", "message", "address"), name="recipient_once"),
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["tenant", "member", "position"], name="saved_view_by_member"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="saved_view_number"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("tenant", "member"), name="signature_once"),
        ),
        migrations.AddConstraint(
            model_name="tag", constraint=models.UniqueConstraint(fields=("tenant", "number"), name="tag_number")
        ),
        migrations.AddConstraint(
            model_name="tag", constraint=models.UniqueConstraint(fields=("tenant", "name_folded"), name="tag_name")
        ),
        migrations.AddIndex(
            model_name="tickettag", index=models.Index(fields=["tenant", "tag", "ticket"], name="ticket_tag_by_tag")
        ),
        migrations.AddConstraint(
            model_name="tickettag",
            constraint=models.UniqueConstraint(fields=("tenant", "ticket", "tag"), name="ticket_tag_once"),
        ),
    ]

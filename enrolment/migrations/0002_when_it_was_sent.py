from django.db import migrations, models
from django.db.models import Q

LEFT = ("account_request.submitted", "account_request.duplicate")


def date_what_was_sent(apps, schema_editor):
    """From the trail, which kept the moment; a request put out before it left has none."""
    AccountRequest = apps.get_model("enrolment", "AccountRequest")
    Event = apps.get_model("audit", "Event")
    for request in AccountRequest.objects.exclude(state="draft"):
        events = Event.objects.filter(object_type="enrolment.accountrequest", object_id=str(request.pk), verb__in=LEFT)
        first = events.order_by("pk").values_list("at", flat=True).first()
        if first is None and request.state == "expired":
            continue
        request.submitted_at = first or request.state_since
        request.save(update_fields=["submitted_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_as_whom_and_for_whom'),
        ('enrolment', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='accountrequest',
            name='submitted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='envoyée le'),
        ),
        migrations.RunPython(date_what_was_sent, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(
                name='enrolment_accountrequest_sent_is_dated',
                condition=Q(('state', 'draft'), ('submitted_at', None))
                | Q(('state', 'expired'))
                | (~Q(('state__in', ['draft', 'expired'])) & Q(('submitted_at__isnull', False))),
            ),
        ),
    ]

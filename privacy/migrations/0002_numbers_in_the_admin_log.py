from django.db import migrations
from django.db.models import F


def put_numbers(apps, schema_editor):
    """Django writes there what a row is called, and keeps it for ever: of people, their names."""
    LogEntry = apps.get_model("admin", "LogEntry")
    of_people = LogEntry.objects.filter(content_type__app_label="accounts", content_type__model="user")
    of_people.update(object_repr=F("object_id"))


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('privacy', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(put_numbers, migrations.RunPython.noop),
    ]

import audit.protection
from django.db import migrations


class Migration(migrations.Migration):
    """INSERT OR REPLACE no longer walks around the triggers of SQLite."""

    dependencies = [
        ('questionnaires', '0001_initial'),
    ]

    operations = [
        audit.protection.WriteTriggersAgain(),
    ]

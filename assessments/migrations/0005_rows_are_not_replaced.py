import audit.protection
from django.db import migrations


class Migration(migrations.Migration):
    """INSERT OR REPLACE no longer walks around the triggers of SQLite."""

    dependencies = [
        ('assessments', '0004_assignments_that_end'),
    ]

    operations = [
        audit.protection.WriteTriggersAgain(),
    ]

import audit.protection
from django.db import migrations


class Migration(migrations.Migration):
    """INSERT OR REPLACE no longer walks around the triggers of SQLite."""

    dependencies = [
        ('audit', '0003_chain'),
    ]

    operations = [
        audit.protection.WriteTriggersAgain(),
    ]

import audit.protection
from django.db import migrations


class Migration(migrations.Migration):
    """INSERT OR REPLACE no longer walks around the triggers of SQLite."""

    dependencies = [
        ('evidence', '0002_proofs_of_account_requests'),
    ]

    operations = [
        audit.protection.WriteTriggersAgain(),
    ]

"""The Celery application. Tasks live in each app's `tasks.py`."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convergence.settings")

# `filesystem://` is the demonstration's broker: ours, whose messages appear whole.
TRANSPORT_ALIASES["filesystem"] = "jobs.folder_transport:Transport"

app = Celery("convergence")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

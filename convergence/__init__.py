"""The project: settings, addresses, Celery. Owns no business."""

from convergence.celery import app as celery_app

__all__ = ["celery_app"]

"""The only writer of the audit trail."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from audit.models import Event
from audit.request import current_request_id


def record(verb: str, obj: models.Model, *, by: models.Model | AnonymousUser | None, **data: Any) -> Event:
    """Append one event to the trail, inside the transaction of the operation that calls.

    `data` must be JSON and hold no name, no address and no answer.
    """
    return Event.objects.create(
        actor_id=by.pk if by is not None else None,
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        data=data,
        request_id=current_request_id.get(),
    )

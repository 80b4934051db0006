"""What the portal writes in its log: one JSON object a line, without the secrets that some addresses carry.

Nothing of a form, an answer or a file is ever logged; people appear under their number. Refused requests (403, 404)
are logged by Django itself, with the request that this module reads. docs/security.md keeps the inventory.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from audit.request import current_address, current_request_id

# Parameters of addresses that open a door by themselves: invitation, confirmation, forgotten password, diagnostic.
SECRET_PARAMETERS = frozenset({"token", "key", "uidb36"})
HIDDEN = "[secret]"


class HideSecrets(logging.Filter):
    """Take out of a message the secrets of the address that it quotes."""

    def filter(self, record: logging.LogRecord) -> bool:
        secrets = _secrets(record)
        if secrets:
            message = record.getMessage()
            for secret in secrets:
                message = message.replace(secret, HIDDEN)
            record.msg, record.args = message, None
        return True


class JsonLines(logging.Formatter):
    """One line for each record: a line break inside a message can never pass for another record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": current_request_id.get(),
            "address": current_address.get(),
        }
        if request := getattr(record, "request", None):
            line["method"] = getattr(request, "method", "")
            line["status"] = getattr(record, "status_code", None)
            line["user"] = getattr(getattr(request, "user", None), "pk", None)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value not in ("", None)}, ensure_ascii=False)


def _secrets(record: logging.LogRecord) -> list[str]:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    values = match.kwargs.items() if match else ()
    return [str(value) for name, value in values if name in SECRET_PARAMETERS and not _is_question_key(match, name)]


def _is_question_key(match: Any, name: str) -> bool:
    """Questions have keys too (`SEC-IDU-03`), which are no secret: they come with a dossier's number."""
    return name == "key" and "number" in match.kwargs

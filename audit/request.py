"""What is known of the request being served, if any: its identifier, and its truncated address."""

from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="")
current_address: ContextVar[str] = ContextVar("current_address", default="")

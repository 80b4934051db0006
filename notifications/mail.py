"""The demonstration's mail: shown on the console and kept in a folder, never sent."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends import console, filebased
from django.core.mail.backends.base import BaseEmailBackend


class ConsoleAndFolderBackend(BaseEmailBackend):
    """Write each message to the console and to a file of EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        console.EmailBackend().send_messages(email_messages)
        return filebased.EmailBackend().send_messages(email_messages) or 0

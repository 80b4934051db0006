"""manage.py prepare_evidence_storage: make the bucket of evidence if it is missing, and see that it keeps a file."""

from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError

from evidence.models import evidence_storage
from evidence.storage import PrivateBucket, StorageUnavailable, answering


class Command(BaseCommand):
    help = "Prépare l’espace où sont gardés les documents, et vérifie qu’il garde ce qu’on lui donne."

    def handle(self, *args: Any, **options: Any) -> None:
        storage = evidence_storage()
        try:
            with answering():
                if isinstance(storage, PrivateBucket) and storage.create():
                    self.stdout.write("L’espace de stockage est créé.")
                self._try(storage)
        except StorageUnavailable as error:
            raise CommandError(f"L’espace de stockage ne répond pas comme il faut : {error}") from error
        self.stdout.write("L’espace de stockage garde et rend les fichiers.")

    def _try(self, storage: Any) -> None:
        content = uuid4().bytes
        name = storage.save(f"quarantine/essai/{uuid4().hex}", ContentFile(content))
        try:
            with storage.open(name, "rb") as file:
                if file.read() != content:
                    raise CommandError("L’espace de stockage ne rend pas ce qu’on lui a donné.")
        finally:
            storage.delete(name)

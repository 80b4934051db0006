"""A person's data as one ZIP archive: what it holds is said in its own LISEZ-MOI.txt."""

import json
import shutil
import zipfile
from collections.abc import Callable
from typing import IO

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from evidence.models import DocumentVersion
from privacy.collecting import collect, files_of


def write_archive(user: User, target: IO[bytes], advance: Callable[[int], None]) -> None:
    """Write the archive into `target`, which can seek. `advance` is told how far, in percent.

    Files are copied piece by piece: memory does not grow with them.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZ-MOI.txt", _explanation())
        data = collect(user)
        archive.writestr("donnees.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        advance(20)
        files = list(files_of(user))
        for position, version in enumerate(files, start=1):
            _copy(version, archive)
            advance(20 + 75 * position // len(files))


def _copy(version: DocumentVersion, archive: zipfile.ZipFile) -> None:
    name = f"documents/{version.pk}-{version.original_name}"
    with (
        version.file.open("rb") as source,
        archive.open(name, "w") as into,
    ):
        shutil.copyfileobj(source, into)


def _explanation() -> str:
    return _(
        "Vos données dans Convergence, au %(date)s.\n\n"
        "donnees.json : votre compte, vos équipes, vos messages, vos réponses avec leur historique, les documents "
        "que vous avez déposés et le journal de vos actions. Les dates sont en temps universel.\n"
        "documents/ : les fichiers que vous avez déposés pour un éditeur dont vous faites encore partie de l’équipe. "
        "Ce qui est écrit et déposé pour un éditeur lui appartient : si vous n’êtes pas, ou plus, de son équipe, "
        "donnees.json en garde la liste seulement (dossier, exigence, date), sans ce que disaient vos réponses ni le "
        "nom des fichiers.\n\n"
        "Ne figurent pas ici : votre mot de passe et les secrets de vos seconds facteurs, que le portail ne "
        "communique à personne, ce que d’autres personnes ont écrit, et le texte des messages qui nomment quelqu’un "
        "d’autre.\n"
    ) % {"date": timezone.localtime().strftime("%d/%m/%Y %H:%M")}

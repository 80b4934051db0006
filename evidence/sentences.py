"""What the portal says about a file: why it was not taken, why it was refused, what to do about it."""

from django.utils.translation import gettext_lazy as _

# Why a file was not taken, by code of `evidence.uploads.InvalidUpload`.
UPLOADS = {
    "empty": _("Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."),
    "too_large": _(
        "Ce fichier dépasse %(limit)s. Réduisez-le, par exemple en compressant ses images, ou découpez-le en "
        "plusieurs fichiers."
    ),
    "type_not_allowed": _(
        "Ce type de fichier n’est pas accepté. Déposez un fichier PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS, CSV ou TXT."
    ),
    "type_disagrees": _(
        "Le contenu de ce fichier n’est pas celui d’un fichier « %(extension)s ». Ouvrez-le avec le logiciel qui "
        "l’a créé, enregistrez-le à nouveau dans ce format, puis déposez-le."
    ),
    "not_text": _(
        "Ce fichier « %(extension)s » ne contient pas du texte lisible. Enregistrez-le en texte avec l’encodage "
        "UTF-8, puis déposez-le à nouveau."
    ),
    "protected": _(
        "Ce fichier est protégé par un mot de passe, ou enregistré dans un ancien format d’Office. Enregistrez-le "
        "sans mot de passe au format « %(extension)s » ou PDF, puis déposez-le à nouveau."
    ),
    "damaged": _(
        "Ce fichier est endommagé ou incomplet. Vérifiez qu’il s’ouvre sur votre poste, enregistrez-le à nouveau, "
        "puis déposez-le."
    ),
    "too_complex": _(
        "Ce fichier contient trop d’éléments pour être examiné. Exportez-le en PDF ou découpez-le, puis déposez-le "
        "à nouveau."
    ),
    "too_many": _(
        "Trop de fichiers sont en cours d’envoi. Attendez la fin des premiers, puis déposez celui-ci à nouveau."
    ),
    "not_kept": _(
        "Ce fichier n’a pas pu être enregistré : l’espace où sont gardés les documents ne répond pas. Rien d’autre "
        "n’est perdu. Déposez-le à nouveau dans quelques minutes."
    ),
    "not_whole": _("Ce fichier n’est pas arrivé en entier. Déposez-le à nouveau."),
    "gone": _("Cet envoi n’existe plus. Déposez le fichier à nouveau."),
}

# Why a received file was refused, by `DocumentVersion.refusal`.
REFUSALS = {
    "forgotten": _(
        "Ce fichier a été supprimé : sa durée de conservation était passée, ou un autre l’a remplacé. "
        "Déposez-le de nouveau s’il sert encore."
    ),
    "virus": _(
        "L’analyse antivirus a trouvé un programme dangereux dans ce fichier : personne ne peut plus l’ouvrir ici. "
        "Faites analyser le poste d’où il vient, puis déposez une version saine."
    ),
    "protected": _(
        "Ce fichier est protégé par un mot de passe : son contenu n’a pas pu être analysé. Déposez une version sans "
        "protection."
    ),
    "disguised": _(
        "Ce fichier est aussi d’un autre type, caché derrière le premier. Ouvrez-le avec le logiciel qui l’a créé, "
        "exportez-le en PDF, puis déposez ce PDF."
    ),
    "active": _(
        "Ce fichier contient un programme : macro, script, formulaire dynamique, son ou vidéo. Un examinateur ne "
        "l’ouvrira pas. Exportez le document en PDF depuis le logiciel qui l’a créé, ou imprimez-le en PDF, puis "
        "déposez ce PDF."
    ),
    "embedded": _(
        "Ce fichier en contient d’autres, joints ou incorporés. Déposez chacun séparément, et exportez celui-ci en PDF "
        "sans ses pièces jointes."
    ),
    "remote": _(
        "Ce fichier va chercher quelque chose ailleurs quand on l’ouvre : modèle, image, classeur lié, envoi d’un "
        "formulaire. Rompez ces liaisons, ou exportez-le en PDF, puis déposez-le à nouveau."
    ),
    "unreadable": _(
        "Ce fichier ne s’ouvre pas : il est endommagé ou incomplet. Vérifiez qu’il s’ouvre sur votre poste, "
        "enregistrez-le à nouveau, puis déposez-le."
    ),
    "not_analysable": _(
        "Ce fichier est trop volumineux ou trop complexe pour être analysé en entier. Exportez-le en PDF ou "
        "découpez-le, puis déposez-le à nouveau."
    ),
    "altered": _("Ce fichier n’a pas été conservé en entier. Déposez-le à nouveau."),
}

# What the team that deposited the file may expect, by `DocumentVersion.state`. A clean file needs no sentence.
STATES = {
    "received": _("Le fichier sera analysé automatiquement. Vous pouvez continuer à remplir le dossier."),
    "scanning": _("Le fichier est en cours d’analyse. Vous pouvez continuer à remplir le dossier."),
}


# Why a clean file cannot be leafed through, or not to its end, by `DocumentVersion.previews_state`.
PREVIEWS = {
    "none": _("Ce type de fichier n’a pas d’aperçu : téléchargez-le pour le lire."),
    "waiting": _("L’aperçu des pages est en préparation."),
    "failed": _("Aperçu indisponible, en tout ou en partie : téléchargez le fichier pour le lire."),
}


def about(state: str, refusal: str) -> str:
    """Return the sentence for a file in this state, or nothing; `refusal` is read when it was refused."""
    return str(REFUSALS[refusal] if state == "refused" else STATES.get(state, ""))

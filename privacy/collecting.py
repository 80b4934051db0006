"""What the portal knows of a person, as they can take it away (RGPD, articles 15 and 20). Reads only.

Each kind costs one query, whatever its number of rows. Names of other people, and what reviewers wrote about a
publisher, belong to others and are left out. What was written for a publisher is the publisher's: whoever is not, or no
longer, of its team takes away the list of what they did (which dossier, which question, when), never what it said.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from accounts.models import Invitation, Membership, User
from assessments.models import (
    AgendaEntry,
    AnswerOrigin,
    AnswerRevision,
    Attachment,
    Attribution,
    Diagnostic,
    Draft,
    Import,
    Mention,
    Reply,
    ReviewNote,
    SecondOpinion,
    Submission,
    TeamComment,
    Verdict,
    Visit,
)
from audit.models import Event
from enrolment.models import AccountRequest, RequestMessage
from evidence.models import DocumentVersion
from notifications.models import MailPreference, Notification

Row = dict[str, Any]


def collect(user: User) -> dict[str, list[Row]]:
    """Everything but the files, by kind, ready for JSON but for its dates."""
    return {name: list(rows) for name, rows in _kinds(user)}


def files_of(user: User) -> QuerySet[DocumentVersion]:
    """The clean files that the person deposited, and that are still theirs to read."""
    return _documents(user).filter(_still_read(user), state=DocumentVersion.State.CLEAN)


def _documents(user: User) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(received_from=user).order_by("pk")


def _still_read(user: User) -> Q:
    """Documents of the teams to which they belong, and the proofs of their own account requests."""
    return Q(document__publisher__in=_teams(user)) | Q(document__publisher=None)


def _teams(user: User) -> list[int]:
    return [publisher for publisher, role in user.membership_roles.items() if role in Membership.TEAM]


def _kinds(user: User) -> Iterator[tuple[str, Iterable[Row]]]:
    yield "compte", [_account(user)]
    yield "adresses", EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
    yield (
        "identites_externes",
        _named(SocialAccount.objects.filter(user=user), identifiant="uid", reliee_le="date_joined", recu="extra_data"),
    )
    yield (
        "sessions",
        _named(UserSession.objects.filter(user=user), adresse="ip", navigateur="user_agent", depuis="created_at"),
    )
    yield "seconds_facteurs", Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
    yield "equipes", _named(user.memberships, editeur="publisher__legal_name", role="role", depuis="created_at")
    yield (
        "anciennes_equipes",
        _named(
            user.former_memberships,
            editeur="publisher__legal_name",
            role="role",
            depuis="began_at",
            jusqu_au="ended_at",
        ),
    )
    yield (
        "invitations",
        _named(
            Invitation.objects.filter(Q(invited_by=user) | Q(accepted_by=user)),
            editeur="publisher__legal_name",
            role="role",
            etat="state",
            envoyee_le="sent_at",
        ),
    )
    yield (
        "demandes_de_compte",
        _named(
            AccountRequest.objects.filter(requester=user),
            siren="siren",
            raison_sociale="legal_name",
            representant="signatory_name",
            fonction="signatory_role",
            etat="state",
            depuis="state_since",
            motif="reason",
            reponse_commencee="draft_answer",
        ),
    )
    yield (
        "precisions_donnees",
        _named(RequestMessage.objects.filter(author=user), siren="request__siren", texte="text", le="written_at"),
    )
    messages = Notification.objects.filter(recipient=user)
    yield "messages", _named(messages.filter(about=None), objet="subject", texte="body", le="created_at")
    yield "messages_sur_d_autres", _named(messages.exclude(about=None), objet="subject", le="created_at")
    yield "envoi_des_notifications", _named(MailPreference.objects.filter(person=user), quand="when")
    yield "diagnostics", _named(Diagnostic.objects.filter(user=user), conclusion="outcome__title", le="created_at")
    yield (
        "visites_de_dossiers",
        _named(
            Visit.objects.filter(user=user), dossier="dossier__number", derniere="seen_at", precedente="previous_at"
        ),
    )
    yield from _written(user)
    yield from _worked(user)
    yield from _deposited(user)
    yield (
        "soumissions",
        _named(
            Submission.objects.filter(submitted_by=user),
            dossier="dossier__number",
            numero="number",
            le="submitted_at",
        ),
    )
    yield (
        "verdicts",
        _named(
            Verdict.objects.filter(decided_by=user, carried_from=None),
            dossier="item__submission__dossier__number",
            exigence="item__question__key",
            verdict="decision",
            le="decided_at",
        ),
    )
    yield from _examined(user)
    yield (
        "journal",
        _named(
            Event.objects.filter(actor=user).order_by("pk"),
            action="verb",
            sur="object_type",
            numero="object_id",
            en_qualite_de="acting_as",
            adresse_tronquee="address",
            le="at",
        ),
    )


def _written(user: User) -> Iterator[tuple[str, Iterable[Row]]]:
    """Answers: with what they say for the teams of today, as a list for the others."""
    rows = AnswerRevision.objects.filter(saved_by=user).order_by("pk")
    own = Q(answer__assessment__dossier__product__publisher__in=_teams(user))
    which = {"dossier": "answer__assessment__dossier__number", "exigence": "answer__question__key", "le": "saved_at"}
    said = {
        "valeur": "value",
        "non_applicable": "not_applicable",
        "motif": "reason",
        "commentaire": "comment",
    }
    yield "reponses", _named(rows.filter(own), **which, **said)
    yield "reponses_pour_d_autres", _named(rows.exclude(own), **which)
    drafts = Draft.objects.filter(author=user).order_by("pk")
    yield (
        "brouillons",
        _named(drafts, dossier="dossier__number", exigence="question__key", le="saved_at", saisie="typed"),
    )
    which = {"dossier": "dossier__number", "fichier": "file_name", "le": "created_at"}
    yield "fichiers_de_reponses_deposes", _named(Import.objects.filter(author=user).order_by("pk"), **which)
    yield "reponses_reprises_et_relues", _confirmed(user)
    replies = Reply.objects.filter(written_by=user).order_by("pk")
    own = Q(verdict__item__submission__dossier__product__publisher__in=_teams(user))
    which = {
        "dossier": "verdict__item__submission__dossier__number",
        "exigence": "verdict__item__question__key",
        "le": "written_at",
    }
    yield "reponses_aux_examinateurs", _named(replies.filter(own), **which, texte="text")
    yield "reponses_aux_examinateurs_pour_d_autres", _named(replies.exclude(own), **which)


def _worked(user: User) -> Iterator[tuple[str, Iterable[Row]]]:
    """What was said and shared among a team. Those whom a comment calls are numbers in its text."""
    comments = TeamComment.objects.filter(author=user).order_by("pk")
    own = Q(dossier__product__publisher__in=_teams(user))
    which = {"dossier": "dossier__number", "exigence": "question__key", "le": "written_at"}
    yield "commentaires_d_equipe", _named(comments.filter(own), **which, texte="text", supprime_le="deleted_at")
    yield "commentaires_d_equipe_pour_d_autres", _named(comments.exclude(own), **which)
    yield (
        "mentions",
        _named(
            Mention.objects.filter(person=user),
            dossier="comment__dossier__number",
            exigence="comment__question__key",
            le="comment__written_at",
        ),
    )
    which = {"dossier": "dossier__number", "theme": "theme__code", "exigence": "question__key"}
    yield (
        "attributions",
        _named(Attribution.objects.filter(membership__user=user), **which, pour_le="due_on", depuis="attributed_at"),
    )
    yield ("attributions_faites", _named(Attribution.objects.filter(attributed_by=user), **which, le="attributed_at"))


def _confirmed(user: User) -> Iterator[Row]:
    """Answers taken up from another dossier, of which they said that they are still true: a list of what they did."""
    return _named(
        AnswerOrigin.objects.filter(confirmed_by=user).order_by("pk"),
        dossier="revision__answer__assessment__dossier__number",
        exigence="revision__answer__question__key",
        le="confirmed_at",
    )


def _examined(user: User) -> Iterator[tuple[str, Iterable[Row]]]:
    """What reviewers wrote among themselves, as a list: like verdicts, its words are about somebody else."""
    which = {"dossier": "review__dossier__number", "exigence": "question__key"}
    yield "notes_d_instruction", _named(ReviewNote.objects.filter(author=user), **which, le="written_at")
    yield "demandes_a_la_commission", _named(AgendaEntry.objects.filter(put_by=user), **which, le="put_at")
    yield (
        "avis_de_la_commission_ecrits",
        _named(AgendaEntry.objects.filter(settled_by=user), **which, le="settled_at"),
    )
    yield (
        "seconds_avis",
        _named(
            SecondOpinion.objects.filter(reader=user),
            dossier="verdict__item__submission__dossier__number",
            exigence="verdict__item__question__key",
            le="given_at",
        ),
    )


def _deposited(user: User) -> Iterator[tuple[str, Iterable[Row]]]:
    """Files, and where they were attached: the same two ways."""
    documents, read = _documents(user), _still_read(user)
    yield (
        "documents",
        _named(
            documents.filter(read),
            nom="original_name",
            empreinte_sha256="sha256",
            octets="size",
            etat="state",
            le="received_at",
        ),
    )
    yield "documents_pour_d_autres", _named(documents.exclude(read), numero="pk", le="received_at")
    attached = Attachment.objects.filter(attached_by=user).order_by("pk")
    own = Q(answer__assessment__dossier__product__publisher__in=_teams(user))
    which = {"dossier": "answer__assessment__dossier__number", "exigence": "answer__question__key", "le": "attached_at"}
    yield "preuves_jointes", _named(attached.filter(own), **which, document="document_version__original_name")
    yield "preuves_jointes_pour_d_autres", _named(attached.exclude(own), **which)


def _account(user: User) -> Row:
    return {
        "adresse": user.email,
        "nom": user.full_name,
        "ouvert_le": user.date_joined,
        "derniere_connexion": user.last_login,
        "roles": sorted(user.staff_roles),
    }


def _named(rows: Any, **columns: str) -> Iterator[Row]:
    """Each row under French names: they are read by people."""
    for values in rows.values_list(*columns.values()).iterator():
        yield dict(zip(columns, values, strict=True))

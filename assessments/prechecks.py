"""What should be looked at in the files of a working copy before it is submitted. Nothing here blocks."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.answer_states import Copy
from assessments.filing import Filing
from assessments.models import Attachment, Dossier
from assessments.overviews import places_of
from assessments.prepared import ID, Prepared
from evidence.models import Content, DocumentVersion
from evidence.prechecks import Caution, Expected, Facts, check
from questionnaires import engine

# « signé », « signée », « signature », « signataire »; neither « signalement » nor « désigné ».
SIGNED = re.compile(r"\bsign(é|ée|és|ées|ature|atures|ataire|ataires)\b", re.IGNORECASE)
# Fewer files than this prove nothing about the habit of giving the same one.
FEW_PROVEN, NEARLY_ALL = 5, 0.8
CONTENTS = Prepared(lambda versions: Content.objects.filter(version__pk__in=versions), versions=[ID])


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file of a question and what should be looked at in it."""

    key: str
    title: str
    url: str
    version: DocumentVersion
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prechecks:
    """What to look at before submitting. `same_file`: the sentence about one file given for nearly everything."""

    files: tuple[CheckedFile, ...]
    same_file: str


def is_signature_expected(question: engine.Question) -> bool:
    """Whether the evidence asked for is a signed document, by the words that ask for it.

    The questionnaires have no other place that says it; the tests name the questions that this finds.
    """
    return bool(SIGNED.search(question.evidence))


def prechecks(filing: Filing) -> Prechecks:
    """Look at the files that leave with the next submission: of every shown question at first, then of those that were
    sent back. One query more than the filing's; reads `dossier.product.publisher`."""
    again = filing.submission is not None
    shown = [
        key
        for key, result in filing.next_evaluation.questions.items()
        if result.shown and (key in filing.reopened or not again)
    ]
    dossier, copy = filing.dossier, filing.working
    cautions = cautions_of(filing, {key: files for key, files in filing.attachments.items() if key in shown})
    places = places_of(dossier, copy)
    return Prechecks(
        files=tuple(
            CheckedFile(
                key=key,
                title=copy.definition.questions[key].title,
                url=places[key],
                version=attachment.document_version,
                cautions=cautions[attachment.pk],
            )
            for key in shown
            for attachment in filing.attachments.get(key, ())
            if cautions.get(attachment.pk)
        ),
        same_file=_same_file(copy, shown),
    )


def cautions_of(filing: Filing, attachments: Mapping[str, tuple[Attachment, ...]]) -> Mapping[int, tuple[Caution, ...]]:
    """What should be looked at in each of these files, given by question, by attachment. One query at most."""
    readable = [
        (key, attachment)
        for key, files in attachments.items()
        for attachment in files
        if attachment.document_version.is_readable
    ]
    contents = _contents_of({attachment.document_version_id for _key, attachment in readable})
    expected = {
        key: _expected(filing.dossier, filing.working.definition.questions[key], filing.today) for key in attachments
    }
    return {
        attachment.pk: check(
            _facts(attachment.document_version, contents.get(attachment.document_version_id)), expected[key]
        )
        for key, attachment in readable
    }


def cautions_of_filed(
    dossier: Dossier, question: engine.Question, versions: Collection[DocumentVersion], today: date
) -> Mapping[int, tuple[Caution, ...]]:
    """The same of the files that were filed with one answer, by version. One query."""
    expected = _expected(dossier, question, today)
    contents = _contents_of({version.pk for version in versions})
    return {
        version.pk: check(_facts(version, contents.get(version.pk)), expected)
        for version in versions
        if version.is_readable
    }


def _contents_of(versions: Collection[int]) -> dict[int, Content]:
    found: Iterable[Content] = CONTENTS.objects(versions=sorted(versions))
    return {content.pk: content for content in found}


def _expected(dossier: Dossier, question: engine.Question, today: date) -> Expected:
    return Expected(
        today=today,
        notice=timedelta(days=settings.EVIDENCE_EXPIRY_NOTICE_DAYS),
        names=(dossier.product.name, dossier.product.publisher.legal_name),
        is_signature_expected=is_signature_expected(question),
    )


def _facts(version: DocumentVersion, content: Content | None) -> Facts:
    expires_on = version.document.expires_on
    if content is None:
        return Facts(expires_on=expires_on)
    return Facts(
        text=content.text,
        is_cut=content.is_cut,
        blank_pages=content.blank_pages,
        image_only_pages=content.image_only_pages,
        is_signed=content.is_signed,
        expires_on=expires_on,
    )


def _same_file(copy: Copy, shown: Collection[str]) -> str:
    proven = [{file.pk: file for file in copy.state(key).files} for key in shown if copy.state(key).files]
    if len(proven) < FEW_PROVEN:
        return ""
    used = Counter(pk for files in proven for pk in files)
    pk, count = used.most_common(1)[0]
    if count < NEARLY_ALL * len(proven):
        return ""
    name = next(files[pk].original_name for files in proven if pk in files)
    return _(
        "« %(name)s » est joint à %(count)d questions sur les %(total)d qui ont une preuve : un même fichier prouve "
        "rarement presque tout. Joignez à chaque question le document qui la concerne, ou dites dans son commentaire à "
        "quelle page regarder."
    ) % {"name": name, "count": count, "total": len(proven)}

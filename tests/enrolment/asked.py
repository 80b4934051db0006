"""Account requests at each stage, through the operations.

draft = drafted(by=alice)                        # begun, without a proof
request = sent(by=alice, siren=siren(50_000_007))  # with a clean proof, in the hands of those who examine
scanned(request, "virus")                        # what the scanner says of the proof that is there
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from enrolment.models import AccountRequest
from enrolment.operations import deposit_proof, start, submit
from evidence.models import DocumentVersion
from evidence.operations import mark_scanned
from evidence.scanners import Outcome, Verdict
from tests.evidence.samples import PDF
from tests.factories import siren

SIREN = siren(50_000_001)
# As pages write it, once their spaces are made alike.
SPACED_SIREN = f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"
DECLARED = {
    "siren": SIREN,
    "legal_name": "Nouvelle Santé",
    "address": "1 rue Neuve",
    "postal_code": "75001",
    "city": "Paris",
    "signatory_name": "Alix Signataire",
    "signatory_role": "présidente",
}


def proof_file(name: str = "kbis.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def proof_of(request: AccountRequest) -> DocumentVersion:
    """Its proof, which is there."""
    assert request.proof is not None
    return request.proof


def drafted(*, by: User, **declared: str) -> AccountRequest:
    return start(by=by, declared=DECLARED | declared)


def with_proof(*, by: User, **declared: str) -> AccountRequest:
    """A draft, with a proof that the scanner cleared."""
    return scanned(deposit_proof(drafted(by=by, **declared), file=proof_file(), by=by))


def sent(*, by: User, **declared: str) -> AccountRequest:
    return submit(with_proof(by=by, **declared), by=by)


def scanned(request: AccountRequest, refusal: str = "") -> AccountRequest:
    """The scanner has judged the proof: clean, unless it is refused for a reason."""
    assert request.proof is not None
    mark_scanned(request.proof, Verdict(Outcome.REFUSED if refusal else Outcome.CLEAN, refusal=refusal))
    return again(request)


def again(request: AccountRequest) -> AccountRequest:
    """The row as it is now."""
    return AccountRequest.objects.select_related("proof", "publisher", "requester").get(pk=request.pk)

"""Open a dossier and move it from orientation to filling."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments.answer_states import working_copy
from assessments.models import Assessment, Dossier, DossierNumber, Programme
from assessments.operations.answers import Entry, lock_dossier, save_prefilled
from assessments.sections import orientation_of
from audit.operations import record
from products.models import Product, Variant
from questionnaires.models import Edition


class AlreadyOpen(Exception):
    """The product has an open dossier for this programme and edition."""

    def __init__(self, dossier: Dossier) -> None:
        super().__init__(f"Dossier {dossier.number} is open.")
        self.dossier = dossier


class OrientationIncomplete(Exception):
    """Some orientation questions have no answer. `keys` names them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


def open_dossier(*, product: Product, programme: str, edition: Edition, by: User) -> Dossier:
    """Open a dossier with its number, an assessment for each questionnaire, and what the product tells already.

    Raises AlreadyOpen: one open dossier per product, programme and edition, also when two people click at once.
    """
    try:
        with transaction.atomic():
            dossier = Dossier.objects.create(
                number=_next_number(),
                product=product,
                programme=Programme(programme),
                edition=edition,
                state_since=timezone.now(),
                created_by=by,
            )
            Assessment.objects.bulk_create(
                Assessment(dossier=dossier, version=version) for version in edition.versions.order_by("pk")
            )
            for key, value in told_by_product(product).items():
                save_prefilled(dossier=dossier, key=key, entry=Entry(value=value), by=by)
            record(
                "dossier.opened",
                dossier,
                by=by,
                publisher=dossier.publisher_id,
                dossier=dossier.number,
                programme=programme,
                edition=edition.code,
            )
            return dossier
    except IntegrityError:
        standing = Dossier.objects.open().filter(product=product, programme=programme, edition=edition).first()
        if standing is None:
            raise
        raise AlreadyOpen(standing) from None


def _next_number() -> str:
    """The next number of the year, e.g. « 2026-004217 ». The year's row stays locked until commit."""
    year = timezone.localdate().year
    DossierNumber.objects.get_or_create(year=year)
    counter = DossierNumber.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{year}-{counter.last:06d}"


def told_by_product(product: Product) -> dict[str, object]:
    """The answers that the product form gave already (evaluation rules, 10): forms of distribution, medical device."""
    declared = set(product.variants.values_list("platform", flat=True))
    # In the order of the screen, as the form stores them: saving the page unchanged must write nothing.
    platforms = [platform for platform in Variant.Platform.values if platform in declared]
    told: dict[str, object] = {"DOC-ELI-05": "oui" if product.device_class else "non"}
    if platforms:
        told["DOC-ELI-03"] = platforms
    if product.device_class:
        told["DOC-ELI-06"] = product.device_class
    return told


@transaction.atomic
def finish_orientation(*, dossier: Dossier, by: User) -> Dossier:
    """Open the questionnaires. Raises OrientationIncomplete; a dossier past its orientation is left as it is."""
    dossier = lock_dossier(dossier)
    if dossier.state != Dossier.State.ORIENTATION:
        return dossier
    copy = working_copy(dossier)
    results = copy.evaluate(timezone.localdate()).questions
    missing = tuple(q.key for q in orientation_of(copy.definition).questions() if results[q.key].incomplete)
    if missing:
        raise OrientationIncomplete(missing)
    move(dossier, Dossier.State.FILLING)
    record("dossier.oriented", dossier, by=by, publisher=dossier.publisher_id, dossier=dossier.number)
    return dossier


def move(dossier: Dossier, state: str) -> None:
    """Change the state of a locked dossier, and since when."""
    dossier.state, dossier.state_since = state, timezone.now()
    dossier.save(update_fields=["state", "state_since"])

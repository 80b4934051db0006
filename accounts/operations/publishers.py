"""Open a publisher."""

from django.db import IntegrityError, transaction

from accounts.models import Membership, Publisher, User
from accounts.operations.teams import forget_roles
from audit.operations import record


class PublisherExists(Exception):
    """A publisher with that SIREN is already there."""


@transaction.atomic
def open_publisher(
    *, mandataire: User, siren: str, legal_name: str, address: str, postal_code: str, city: str, by: User
) -> Publisher:
    """Create a publisher with its first mandataire; `by` is who decided it.

    `siren`: nine digits, already checked. Raises PublisherExists, also for the slower of two people
    who open the same company at the same moment: the database decides.
    """
    try:
        with transaction.atomic():
            publisher = Publisher.objects.create(
                siren=siren, legal_name=legal_name, address=address, postal_code=postal_code, city=city, created_by=by
            )
    except IntegrityError as error:
        if Publisher.objects.filter(siren=siren).exists():
            raise PublisherExists from error
        raise
    membership = Membership.objects.create(publisher=publisher, user=mandataire, role=Membership.Role.MANDATAIRE)
    forget_roles(mandataire)
    record("publisher.opened", publisher, by=by, publisher=publisher.pk)
    record("membership.added", membership, by=by, publisher=publisher.pk, user=mandataire.pk, role=membership.role)
    return publisher

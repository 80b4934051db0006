"""Declare a product and keep its description true."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.models import Publisher, User
from audit.operations import record
from products import references
from products.models import Product, Variant

# Two draws in 32 ** 6 rarely meet: needing more than this is a fault, not bad luck.
DRAWS = 5
FIELDS = ("name", "description", "website", "device_class")


@transaction.atomic
def create_product(
    *,
    by: User,
    publisher: Publisher,
    name: str,
    description: str,
    website: str = "",
    device_class: str = "",
    platforms: Iterable[str],
) -> Product:
    """Create a product under a new reference, with one variant for each platform.

    The caller has already checked `accounts.policies.can_fill`.
    """
    product = _with_reference(
        Product(
            publisher=publisher,
            name=name,
            description=description,
            website=website,
            device_class=device_class,
            created_by=by,
        )
    )
    added, _removed = _set_platforms(product, platforms)
    record(
        "product.created", product, by=by, publisher=product.publisher_id, reference=product.reference, platforms=added
    )
    return product


@transaction.atomic
def update_product(
    product: Product,
    *,
    by: User,
    name: str,
    description: str,
    website: str,
    device_class: str,
    platforms: Iterable[str],
) -> Product:
    """Write what changed, and nothing else; the reference never does."""
    product = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    values = {"name": name, "description": description, "website": website, "device_class": device_class}
    changed = [field for field in FIELDS if getattr(product, field) != values[field]]
    for field in changed:
        setattr(product, field, values[field])
    if changed:
        product.save(update_fields=changed)
    added, removed = _set_platforms(product, platforms)
    if changed or added or removed:
        record(
            "product.updated",
            product,
            by=by,
            publisher=product.publisher_id,
            reference=product.reference,
            fields=changed,
            added=added,
            removed=removed,
        )
    return product


def _with_reference(product: Product) -> Product:
    for _attempt in range(DRAWS):
        product.reference = references.draw()
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError:
            if not Product.objects.filter(reference=product.reference).exists():
                raise
        else:
            return product
    raise RuntimeError(f"No free product reference in {DRAWS} draws.")


def _set_platforms(product: Product, platforms: Iterable[str]) -> tuple[list[str], list[str]]:
    """Make the variants match; return the platforms that were added and removed.

    Variants that stay keep their row: whatever points at them still does.
    """
    wanted = set(platforms)
    present = set(product.variants.values_list("platform", flat=True))
    added = [platform for platform in Variant.Platform.values if platform in wanted - present]
    removed = sorted(present - wanted)
    product.variants.filter(platform__in=removed).delete()
    Variant.objects.bulk_create(Variant(product=product, platform=platform) for platform in added)
    return added, removed

"""Correcting a product: the operation."""

from audit.models import Event
from products.operations import FIELDS, update_product
from tests.factories import ProductFactory


def values(product, **changes):
    return {field: getattr(product, field) for field in FIELDS} | {"platforms": ["web"]} | changes


def test_what_changed_is_written_and_named_in_the_trace(product, contributor):
    update_product(product, by=contributor, **values(product, name="MonSuivi Tension"))

    product.refresh_from_db()
    assert product.name == "MonSuivi Tension"
    event = Event.objects.get()
    assert (event.verb, event.actor) == ("product.updated", contributor)
    assert event.data == {"reference": product.reference, "fields": ["name"], "added": [], "removed": []}


def test_a_field_left_alone_keeps_what_a_colleague_wrote_meanwhile(product, contributor):
    typed = values(product, name="MonSuivi Tension")
    update_product(product, by=contributor, **values(product, website="https://autre.example"))

    update_product(product, by=contributor, **(typed | {"website": "https://autre.example"}))

    product.refresh_from_db()
    assert (product.name, product.website) == ("MonSuivi Tension", "https://autre.example")


def test_variants_that_stay_keep_their_row(contributor):
    product = ProductFactory.create(platforms=["ios", "web"])
    web = product.variants.get(platform="web")

    update_product(product, by=contributor, **values(product, platforms=["web", "android"]))

    assert dict(product.variants.values_list("platform", "pk"))["web"] == web.pk
    assert set(product.variants.values_list("platform", flat=True)) == {"web", "android"}
    data = Event.objects.get().data
    assert (data["fields"], data["added"], data["removed"]) == ([], ["android"], ["ios"])


def test_nothing_changed_leaves_no_trace(product, contributor):
    update_product(product, by=contributor, **values(product))

    assert not Event.objects.exists()

"""Declaring a product: the operation."""

from typing import Any

import pytest
from django.db import IntegrityError

from audit.models import Event
from products import references
from products.models import Product
from products.operations import create_product

SERVICE: dict[str, Any] = {"name": "MonSuivi Cœur", "description": "Un carnet de tension.", "platforms": ["ios", "web"]}


def test_a_product_gets_a_valid_reference_and_its_variants(publisher, mandataire):
    product = create_product(by=mandataire, publisher=publisher, **SERVICE)

    assert references.is_valid(product.reference)
    assert list(product.variants.values_list("platform", flat=True)) == ["ios", "web"]
    assert product.created_by == mandataire


def test_declaring_leaves_a_trace(publisher, mandataire):
    product = create_product(by=mandataire, publisher=publisher, **SERVICE)

    event = Event.objects.get()
    assert (event.verb, event.actor, event.object_id) == ("product.created", mandataire, str(product.pk))
    assert event.data == {"reference": product.reference, "platforms": ["ios", "web"]}


def test_a_reference_already_taken_is_drawn_again(publisher, mandataire, product, monkeypatch):
    free = references.draw()
    draws = iter([product.reference, product.reference, free])
    monkeypatch.setattr(references, "draw", lambda: next(draws))

    created = create_product(by=mandataire, publisher=publisher, **SERVICE)

    assert created.reference == free
    assert Product.objects.count() == 2


def test_a_fault_of_the_draw_does_not_loop_for_ever(publisher, mandataire, product, monkeypatch):
    monkeypatch.setattr(references, "draw", lambda: product.reference)

    with pytest.raises(RuntimeError, match="No free product reference"):
        create_product(by=mandataire, publisher=publisher, **SERVICE)


def test_another_broken_rule_is_not_taken_for_a_collision(publisher, mandataire):
    with pytest.raises(IntegrityError):
        create_product(by=mandataire, publisher=publisher, device_class="IV", **SERVICE)


def test_a_reference_is_for_life(product):
    with pytest.raises(IntegrityError, match="for life"):
        Product.objects.filter(pk=product.pk).update(reference=references.draw())

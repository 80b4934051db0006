"""The cast itself stands."""
def test_cast(publisher, mandataire, representative, contributor, reader, stranger, reviewer, editor, gie_officer, administrator, product):
    assert set(mandataire.membership_roles.values()) == {"mandataire"}
    assert reviewer.staff_roles == {"reviewer"}
    assert mandataire.check_password("une phrase de passe pour les tests")
    assert product.variants.count() == 1

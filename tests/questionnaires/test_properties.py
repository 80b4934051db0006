"""The properties hold for random small editions and for random dossiers of the real one."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import Definition
from tests.questionnaires.properties import PROPERTIES
from tests.questionnaires.strategies import Dossier, random_dossier, seeded, small_dossiers

Property = Callable[[Dossier], None]
BY_NAME = pytest.mark.parametrize("holds", PROPERTIES, ids=lambda each: each.__name__)


@BY_NAME
@settings(max_examples=120, deadline=None)
@given(dossier=small_dossiers())
def test_it_holds_for_random_small_editions(holds: Property, dossier: Dossier) -> None:
    holds(dossier)


@BY_NAME
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_it_holds_for_the_real_edition(definition_2026: Definition, holds: Property, seed: int) -> None:
    holds(random_dossier(definition_2026, seeded(seed)))

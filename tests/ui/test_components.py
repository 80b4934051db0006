"""Template tags: a wrong call fails, a right one is accessible."""

import pytest
from django.template import Context, Template
from django.urls import reverse


def rendered(source, **context):
    return Template("{% load portal %}" + source).render(Context(context))


def test_a_badge_says_its_label():
    assert "fr-badge--success" in rendered('{% badge "Accepté" "success" %}')


def test_a_tone_that_does_not_exist_fails():
    with pytest.raises(ValueError, match="tone"):
        rendered('{% badge "Accepté" "green" %}')


def test_progress_is_told_in_words_and_to_readers():
    html = rendered('{% progress_bar 28 33 "Doctrine" %}')

    assert "<strong>28 sur 33</strong>" in html
    assert 'value="28" max="33" aria-label="Doctrine" aria-valuetext="28 sur 33"' in html


def test_large_figures_stay_valid_attributes():
    assert 'value="1200" max="3300"' in rendered('{% progress_bar 1200 3300 "Doctrine" %}')


def test_nothing_to_do_is_done():
    assert 'value="1" max="1"' in rendered('{% progress_bar 0 0 "Doctrine" %}')


def test_a_breadcrumb_starts_at_home_and_ends_here():
    html = rendered('{% breadcrumb "Mes produits" "/produits/" name %}', name="A & B")

    assert html.index(f'href="{reverse("home")}"') < html.index('href="/produits/"') < html.index("A &amp; B")
    assert 'aria-current="page">A &amp; B' in html


def test_a_breadcrumb_without_an_end_fails():
    with pytest.raises(ValueError, match="pairs"):
        rendered('{% breadcrumb "Mes produits" "/produits/" %}')


def test_an_alert_has_a_title_and_a_body():
    html = rendered('{% include "components/alert.html" with title="À vous" tone="info" body="Il reste 3 réponses." %}')

    assert "fr-alert--info" in html
    assert "À vous" in html and "Il reste 3 réponses." in html


def test_an_empty_state_says_how_to_start():
    html = rendered(
        '{% include "components/empty_state.html" with title="Rien" body="Bientôt" url="/x/" action="Commencer" %}'
    )

    assert '<a class="fr-btn" href="/x/">Commencer</a>' in html

"""What surrounds every page."""

import re

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, PublisherFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """The frame of a public page that signed-in people can open too."""

    def fetch():
        return client.get(reverse("legal")).content.decode()

    return fetch


def test_skip_links_lead_to_places_that_exist(page):
    html = page()

    anchors = re.findall(r'class="fr-link" href="#([^"]+)"', html)
    assert anchors == ["contenu", "navigation", "pied-de-page"]
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_the_title_names_the_page_then_the_portal(page):
    assert "<title>Mentions légales – Convergence</title>" in page()


def test_nothing_is_fetched_from_elsewhere(page):
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page())


def test_no_script_nor_style_is_written_in_the_page(page):
    html = page()

    assert "<style" not in html and " style=" not in html
    assert not re.findall(r"<script(?![^>]*\bsrc=)", html)
    assert not re.findall(r"\son[a-z]+=", html)


def test_htmx_neither_styles_nor_evaluates(page):
    assert '"includeIndicatorStyles":false,"allowEval":false' in page()


def test_the_states_block_appears_only_when_asked(page, settings):
    settings.SHOW_STATE_BLOCK = False
    assert "fr-logo" not in page()
    settings.SHOW_STATE_BLOCK = True
    assert 'class="fr-logo"' in page()


def test_the_operator_is_named(page, settings):
    settings.SHOW_STATE_BLOCK = False
    settings.OPERATOR_NAME = "Opérateur d’essai"
    assert page().count('<p class="portal-operator">Opérateur d’essai</p>') == 2


def test_a_demonstration_says_so_on_every_page(page, settings):
    settings.DEMONSTRATION = True
    assert "ne sont pas analysés par un véritable antivirus" in page()
    settings.DEMONSTRATION = False
    assert "véritable antivirus" not in page()


def test_the_footer_does_not_boast(page):
    assert "Accessibilité\u00a0: non conforme" in page()
    assert "EUPL-1.2" in page()


def test_a_passer_by_may_sign_in(page):
    assert reverse("account_login") in page()


def test_a_signed_in_person_may_sign_out_by_post(client, page):
    client.force_login(UserFactory(full_name="Camille Martin"))
    html = page()

    assert "Camille Martin" in html
    assert f'<form method="post" action="{reverse("account_logout")}">' in html
    assert reverse("account_login") not in html


def test_a_member_finds_their_team_in_the_navigation(client, page):
    publisher = PublisherFactory()
    client.force_login(MembershipFactory(publisher=publisher).user)

    assert reverse("accounts:team", args=[publisher.siren]) in page()


def test_the_frame_costs_a_fixed_handful_of_queries(client, page, django_assert_num_queries):
    client.force_login(MembershipFactory().user)

    with django_assert_num_queries(5):  # session, user, team, groups, unread
        page()

"""A reviewer leafs through a file: by a submission of the dossier, once it is clean, on the item's page."""

import pytest
from django.urls import reverse

from audit.models import Event
from evidence.models import DocumentVersion
from tests.assessments.filled import submitted_dossier

KEY = "SEC-GOV-02"


def url_of(dossier, pk, page=1, key=KEY):
    return reverse("reviews:preview", args=[dossier.number, key, pk, page])


def test_a_page_is_shown_and_the_first_leaves_a_trace(desk_client, dossier, drawn, reviewer):
    for page in (2, 1):
        response = desk_client.get(url_of(dossier, drawn.pk, page))
        assert response["Content-Disposition"].startswith("inline")
        assert "no-store" in response["Cache-Control"]
        b"".join(response)  # a file is closed once it is read

    event = Event.objects.get(verb="evidence.previewed")
    assert (event.actor_id, event.data) == (reviewer.pk, {"submission": drawn.item.submission_id})


def test_a_page_opened_alone_says_what_it_is_and_only_its_picture_leaves_a_trace(desk_client, dossier, drawn):
    page = desk_client.get(url_of(dossier, drawn.pk, 1), headers={"Sec-Fetch-Dest": "document"}).content.decode()
    name = f"Page 1 de {drawn.document_version.original_name}"
    assert f"<title>{name}, {KEY} – Dossier {dossier.number}" in page
    assert f'src="{url_of(dossier, drawn.pk, 1)}"' in page
    assert f'alt="{name}"' in page
    assert not Event.objects.filter(verb="evidence.previewed").exists()
    assert desk_client.get(url_of(dossier, drawn.pk, 3), headers={"Sec-Fetch-Dest": "document"}).status_code == 404


@pytest.mark.parametrize("change", [{"state": "received"}, {"state": "refused", "refusal": "virus"}])
def test_nothing_is_shown_of_a_file_that_is_not_clean(desk_client, dossier, drawn, change):
    DocumentVersion.objects.filter(pk=drawn.document_version_id).update(**change)

    assert desk_client.get(url_of(dossier, drawn.pk)).status_code == 404
    page = desk_client.get(reverse("reviews:item", args=[dossier.number, KEY]))
    assert "/apercu/" not in page.content.decode()
    assert not Event.objects.filter(verb="evidence.previewed").exists()


@pytest.mark.parametrize("person", ["mandataire", "stranger", "editor", "gie_officer", "administrator"])
def test_nobody_but_reviewers_comes_by_here(client, request, dossier, drawn, person):
    client.force_login(request.getfixturevalue(person))

    assert client.get(url_of(dossier, drawn.pk)).status_code == 404


def test_a_page_is_found_under_its_own_item_and_dossier_only(desk_client, dossier, drawn):
    other = submitted_dossier()

    assert desk_client.get(url_of(dossier, drawn.pk, key="SEC-HEB-05")).status_code == 404
    assert desk_client.get(url_of(other, drawn.pk)).status_code == 404
    assert desk_client.get(url_of(dossier, drawn.pk, page=3)).status_code == 404


def test_the_item_shows_each_page_with_its_words_and_its_link(desk_client, dossier, drawn):
    page = desk_client.get(reverse("reviews:item", args=[dossier.number, KEY])).content.decode()

    for number in (1, 2):
        assert f'src="{url_of(dossier, drawn.pk, number)}"' in page
        assert f'href="{url_of(dossier, drawn.pk, number)}"' in page
        assert f'alt="Page {number} de {drawn.document_version.original_name}"' in page
    assert page.count('loading="lazy"') == 2

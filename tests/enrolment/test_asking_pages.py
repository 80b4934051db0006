"""/inscription/ and the page of one's own request."""

import re

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import approve, ask_more, deposit_proof, expire, refuse, submit
from evidence.models import DocumentVersion
from tests.dossiers.pages import text_of, told
from tests.enrolment.asked import (
    DECLARED,
    SIREN,
    SPACED_SIREN,
    again,
    drafted,
    proof_file,
    proof_of,
    scanned,
    sent,
    with_proof,
)
from tests.factories import UserFactory, siren

State = AccountRequest.State
START = "/inscription/"
KEEP, SEND = {"action": "keep"}, {"action": "send"}


@pytest.fixture
def asker(client, alice):
    client.force_login(alice)
    return client


def url_of(request):
    return reverse("enrolment:detail", args=[request.pk])


def value_of(response, name):
    """What the control of this name holds."""
    (tag,) = re.findall(rf'<input[^>]*\bname="{name}"[^>]*>', response.content.decode())
    (value,) = re.findall(r'\bvalue="([^"]*)"', tag)
    return value


# --- Who ----------------------------------------------------------------------------------------


def test_a_visitor_signs_in_first(client, db):
    assert client.get(START)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("who", ["reviewer", "review_lead", "editor", "gie_officer", "support", "administrator"])
def test_staff_never_ask_for_an_account(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(START).status_code == 403
    assert client.post(START, DECLARED | KEEP).status_code == 403
    assert not AccountRequest.objects.exists()


@pytest.mark.parametrize("who", ["mandataire", "stranger", "support", "administrator", "reviewer"])
def test_the_page_of_a_request_is_its_authors_alone(client, request, alice, who):
    url = url_of(sent(by=alice))
    client.force_login(request.getfixturevalue(who))

    assert client.get(url).status_code == 404
    assert client.post(url, DECLARED | SEND).status_code == 404


# --- Beginning ----------------------------------------------------------------------------------


def test_the_form_says_what_is_asked_and_where_a_known_company_leads(asker):
    page = text_of(asker.get(START))

    for words in ("Numéro SIREN", "Raison sociale", "Représentant légal", "Justificatif", "Envoyer ma demande"):
        assert words in page
    assert "Elle est peut-être déjà inscrite" in page


def test_a_draft_is_kept_without_a_proof_and_found_again(asker, alice):
    response = asker.post(START, DECLARED | KEEP)

    request = AccountRequest.objects.get()
    assert response.url == url_of(request)
    assert (request.state, request.requester) == (State.DRAFT, alice)
    assert told(response) == ["Votre brouillon est gardé\u00a0: revenez quand vous voulez."]
    back = asker.get(START)
    assert back.url == url_of(request)
    assert value_of(asker.get(back.url), "legal_name") == DECLARED["legal_name"]


def test_a_whole_request_leaves_at_once(asker, support):
    response = asker.post(START, DECLARED | SEND | {"proof": proof_file()})

    request = AccountRequest.objects.get()
    assert (request.state, proof_of(request).original_name) == (State.SUBMITTED, "kbis.pdf")
    assert response.url == url_of(request)
    assert told(response) == ["Votre demande est partie."]
    assert "entre les mains de l’Agence" in text_of(asker.get(response.url))
    verbs = Event.objects.filter(object_type="enrolment.accountrequest").values_list("verb", flat=True)
    assert sorted(verbs) == ["account_request.started", "account_request.submitted"]


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("siren", "", "Saisissez le numéro SIREN de l’entreprise."),
        ("siren", "123456789", "Ce numéro n’est pas un SIREN."),
        ("siren", f"{SIREN}00011", "le SIRET en compte quatorze"),
        ("siren", "neuf chiffres", "Ce numéro n’est pas un SIREN."),
        ("legal_name", " ", "Saisissez la raison sociale."),
        ("address", "", "Saisissez l’adresse du siège."),
        ("postal_code", "", "Saisissez le code postal."),
        ("postal_code", "7500", "Un code postal compte cinq chiffres."),
        ("city", "", "Saisissez la ville."),
        ("signatory_name", "", "Saisissez le nom de la personne qui engage l’entreprise."),
        ("signatory_role", "", "Saisissez la fonction de cette personne."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(asker, name, typed, sentence):
    response = asker.post(START, DECLARED | SEND | {name: typed, "proof": proof_file()})

    assert response.status_code == 200
    assert sentence in str(response.context["form"].errors[name])
    assert list(response.context["form"].errors) == [name]
    for kept in DECLARED.keys() - {name}:
        assert value_of(response, kept) == DECLARED[kept]
    if typed.strip():
        assert value_of(response, name) == typed
    assert not AccountRequest.objects.exists()


def test_a_siren_may_be_typed_with_its_spaces(asker):
    asker.post(START, DECLARED | KEEP | {"siren": f"{SIREN[:3]} {SIREN[3:6]} {SIREN[6:]}"})

    assert AccountRequest.objects.get().siren == SIREN


def test_a_postal_code_typed_between_spaces_is_kept_without_them(asker):
    asker.post(START, DECLARED | KEEP | {"postal_code": " 75001 "})

    assert AccountRequest.objects.get().postal_code == "75001"


def test_what_is_typed_is_shown_as_text(asker):
    asker.post(START, DECLARED | KEEP | {"legal_name": "<b>Gras</b>"})

    page = asker.get(url_of(AccountRequest.objects.get())).content.decode()
    assert "<b>Gras</b>" not in page
    assert "&lt;b&gt;Gras&lt;/b&gt;" in page


def test_without_a_proof_the_draft_stays_and_the_field_says_why(asker, support):
    response = asker.post(START, DECLARED | SEND)

    assert "Joignez le justificatif\u00a0: sans lui" in str(response.context["form"].errors["proof"])
    assert value_of(response, "legal_name") == DECLARED["legal_name"]
    assert AccountRequest.objects.get().state == State.DRAFT


def test_a_file_that_is_not_what_it_says_is_told_at_its_field(asker):
    response = asker.post(START, DECLARED | SEND | {"proof": proof_file("kbis.pdf", b"MZ, un programme")})

    assert "Le contenu de ce fichier n’est pas celui" in str(response.context["form"].errors["proof"])
    request = AccountRequest.objects.get()
    assert (request.state, request.proof) == (State.DRAFT, None)


@pytest.mark.parametrize("how", [SEND, KEEP])
def test_the_proof_forgotten_at_first_may_be_joined_on_the_page_that_asks_for_it(asker, how):
    """The page that says what is missing is still /inscription/: its form comes back there."""
    asker.post(START, DECLARED | SEND)

    asker.post(START, DECLARED | how | {"proof": proof_file()}, follow=True)

    request = AccountRequest.objects.get()
    assert request.proof is not None
    assert request.state == (State.SUBMITTED if how == SEND else State.DRAFT)


def test_a_file_refused_with_a_draft_is_told_too(asker):
    response = asker.post(START, DECLARED | KEEP | {"proof": proof_file("kbis.pdf", b"MZ, un programme")}, follow=True)

    assert "Le contenu de ce fichier n’est pas celui" in text_of(response)


def test_a_second_request_for_the_same_company_is_told_at_the_siren(asker, alice):
    drafted(by=alice)
    first = drafted(by=alice, siren=siren(50_000_003))

    response = asker.post(url_of(first), DECLARED | KEEP)

    assert "Vous avez déjà une demande en cours" in str(response.context["form"].errors["siren"])
    assert again(first).siren == siren(50_000_003)


# --- One's own request --------------------------------------------------------------------------


def test_a_draft_needs_nothing_but_its_siren(asker, alice):
    empty = dict.fromkeys(DECLARED, "") | KEEP
    assert "Saisissez le numéro SIREN" in text_of(asker.post(START, empty))

    response = asker.post(START, empty | {"siren": SIREN, "city": "Lyon"})

    request = AccountRequest.objects.get()
    assert response.url == url_of(request)
    assert (request.state, request.city, request.legal_name) == (State.DRAFT, "Lyon", "")
    page = asker.get(url_of(request))
    assert 'value="Lyon"' in page.content.decode()
    assert "Saisissez la raison sociale." in text_of(asker.post(url_of(request), empty | {"siren": SIREN} | SEND))


def test_an_answer_begun_is_kept_with_the_draft_and_gone_once_sent(asker, alice, support):
    request = ask_more(sent(by=alice), by=support, text="Le mandat n’est pas signé.")

    asker.post(url_of(request), DECLARED | KEEP | {"answer": "Il arrive"})
    assert "Il arrive" in asker.get(url_of(request)).content.decode()
    assert not request.messages.filter(author=alice).exists()

    asker.post(url_of(request), DECLARED | SEND | {"answer": "Il arrive demain."})
    assert [each.text for each in request.messages.filter(author=alice)] == ["Il arrive demain."]
    assert again(request).draft_answer == ""


def test_a_draft_is_corrected_and_sent_from_its_page(asker, alice):
    draft = with_proof(by=alice)
    assert "Justificatif déjà déposé\u00a0: kbis.pdf (sans danger connu)" in asker.get(url_of(draft)).content.decode()

    response = asker.post(url_of(draft), DECLARED | SEND | {"city": "Lyon"})

    assert told(response) == ["Votre demande est partie."]
    assert (again(draft).state, again(draft).city) == (State.SUBMITTED, "Lyon")


def test_a_request_that_left_is_shown_without_a_form_and_is_not_sent_twice(asker, alice):
    request = sent(by=alice)
    page = asker.get(url_of(request))
    assert "Envoyer ma demande" not in text_of(page)
    for words in (SPACED_SIREN, "1 rue Neuve, 75001 Paris", "Alix Signataire, présidente", "kbis.pdf"):
        assert words in text_of(page)

    response = asker.post(url_of(request), DECLARED | SEND | {"city": "Lyon"})

    assert told(response) == ["Cette demande est déjà partie."]
    assert again(request).city == "Paris"


def test_precisions_are_shown_and_answered_on_the_same_page(asker, alice, support):
    request = ask_more(sent(by=alice), by=support, text="Le mandat n’est pas signé.")
    page = text_of(asker.get(url_of(request)))
    assert "À vous\u00a0: des précisions sont demandées".replace("\u00a0", " ") in page
    assert "Le mandat n’est pas signé." in page
    assert "L’Agence" in page
    assert support.full_name not in page

    response = asker.post(url_of(request), DECLARED | SEND | {"answer": "Le voici.", "proof": proof_file("signe.pdf")})

    assert told(response) == ["Votre demande est partie."]
    assert proof_of(again(request)).original_name == "signe.pdf"
    assert "Le voici." in text_of(asker.get(url_of(request)))


def test_precisions_are_not_sent_back_without_a_word_but_may_be_kept(asker, alice, support):
    request = ask_more(sent(by=alice), by=support, text="Quoi ?")

    response = asker.post(url_of(request), DECLARED | SEND | {"answer": " ", "city": "Lyon"})
    assert "Écrivez votre réponse, même courte." in str(response.context["answer"].errors["answer"])
    assert value_of(response, "city") == "Lyon"
    assert again(request).state == State.MORE_ASKED

    assert asker.post(url_of(request), DECLARED | KEEP | {"answer": ""}).status_code == 302
    assert again(request).state == State.MORE_ASKED


def test_a_proof_that_the_scanner_refused_is_replaced_from_the_page(asker, alice):
    request = scanned(submit(deposit_proof(drafted(by=alice), file=proof_file(), by=alice), by=alice), "virus")
    assert "Votre justificatif n’a pas pu être accepté" in text_of(asker.get(url_of(request)))

    for posted, sentence in (
        ({"proof": proof_file("x.pdf", b"MZ")}, "Le contenu de ce fichier n’est pas celui"),
        ({"proof": proof_file("kbis.txt", b"Extrait Kbis")}, "Ce n’est ni un PDF, ni une image PNG ou JPEG."),
        ({}, "Choisissez le fichier du justificatif."),
    ):
        assert sentence in text_of(asker.post(url_of(request), posted))
    assert proof_of(again(request)).state == DocumentVersion.State.REFUSED

    right = asker.post(url_of(request), {"proof": proof_file("sain.pdf")})
    assert told(right)[-1] == "Le nouveau justificatif est reçu\u00a0: il va être analysé."
    assert (again(request).state, proof_of(again(request)).original_name) == (State.SUBMITTED, "sain.pdf")


def test_an_approval_leads_to_the_first_product_and_to_the_team(asker, alice, support):
    page = asker.get(url_of(approve(sent(by=alice), by=support))).content.decode()

    assert "vous êtes mandataire" in page
    assert reverse("products:create") in page
    assert reverse("accounts:team", args=[SIREN]) in page


def test_a_refusal_is_shown_with_its_reason_and_a_way_to_ask_again(asker, alice, support):
    request = refuse(sent(by=alice), by=support, reason="Le <mandat> n’est pas signé.")
    page = asker.get(url_of(request)).content.decode()

    assert "Le &lt;mandat&gt; n’est pas signé." in page
    assert f'href="{START}"' in page
    assert asker.get(START).status_code == 200


def test_a_request_that_went_out_says_so(asker, alice):
    assert "a expiré" in text_of(asker.get(url_of(expire(drafted(by=alice)))))


def test_a_duplicate_says_that_the_mandataires_were_told(asker, alice, publisher, mandataire):
    request = submit(drafted(by=alice, siren=publisher.siren), by=alice)
    page = text_of(asker.get(url_of(request)))

    assert "Ses mandataires sont prévenus" in page
    assert mandataire.full_name not in page


def test_what_somebody_faster_decided_is_told_in_place_of_an_error(asker, alice, monkeypatch):
    """The request goes out between the page and the button."""
    request = with_proof(by=alice)
    stale = again(request)
    expire(request)
    monkeypatch.setattr("enrolment.views._own", lambda *_: stale)

    response = asker.post(url_of(request), DECLARED | SEND)

    assert set(told(response)) == {"Cette demande vient de changer d’état."}
    assert again(request).state == State.EXPIRED


def test_somebody_who_became_staff_starts_nothing_more(client, alice):
    drafted(by=alice)
    staff = UserFactory.create(staff_role=StaffRole.SUPPORT)
    client.force_login(staff)

    assert client.get(START).status_code == 403


def test_whoever_was_told_that_the_company_is_there_finds_it_again_and_may_ask_for_another(asker, alice, publisher):
    request = submit(drafted(by=alice, siren=publisher.siren), by=alice)

    assert asker.get(START).url == url_of(request)
    assert "?nouvelle" in asker.get(url_of(request)).content.decode()
    assert "Envoyer ma demande" in text_of(asker.get(f"{START}?nouvelle"))

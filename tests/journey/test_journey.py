"""From the diagnostic to the report, in Chromium: a mandataire, a contributor, support, a reviewer and a lead."""

import io
import re
from dataclasses import dataclass

import pypdf
import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Membership
from assessments.models import Answer, Attachment, Dossier
from evidence.models import DocumentVersion
from tests.assessments.filled import fill
from tests.evidence.samples import PDF
from tests.factories import PASSWORD, siren
from tests.journey import filling
from tests.journey.examining import accept_the_only_item, conclude, examine_everything, send_the_round
from tests.live import mail_by_the_worker, wait_until

SIREN = siren(41_234_567)
# Answered in the browser; the file question is left without its file until the score page has said so.
API, PAIRING, PROFILES, MEASURES, TESTED, FAILURES, TESTED_ON = (
    f"DOC-INT-{number}" for number in ("01", "02", "04", "05", "13", "14", "15")
)
CONTACT, POLICY, TRAINED = "SEC-GOV-01", "SEC-GOV-02", "SEC-GOV-07"
GAP, AUDIT = "SEC-EXP-04", "SEC-DEV-06"
HIDDEN = "Deux cas de test échouent encore : le rejeu après une coupure et le refus d’un document vide. " * 3
WHO = "La responsable de la sécurité répond jour et nuit, par téléphone et par courriel, à toute alerte. " * 2
COMMENT = "Les captures viennent de l’environnement de recette."
REASON = "Toute l’équipe est extérieure : la formation est suivie par le prestataire."
OLD_POLICY, NEW_POLICY = PDF + b"politique, page 1 sur 2", PDF + b"politique entiere et approuvee"
MISSING_PAGE = "La seconde page, celle de l’approbation, manque."
CONCLUSION = "Le plan d’alerte des autorités est à compléter avant la mise en ligne."


@dataclass(frozen=True)
class Team:
    """The two people of the publisher, each in a browser, and their dossier."""

    mandataire: Page
    contributor: Page
    dossier: Dossier

    def open(self, page: Page, name: str) -> None:
        page.goto(reverse(f"dossiers:{name}", args=[self.dossier.number]))

    def state(self) -> str:
        self.dossier.refresh_from_db()
        return self.dossier.state


@pytest.mark.postgresql
@pytest.mark.usefixtures("questionnaires", "celery_worker", "clamd_socket")
def test_five_people_take_a_service_from_the_diagnostic_to_its_report(
    open_browser, mailoutbox, support, reviewer, review_lead
):
    visitor = open_browser()
    run_the_diagnostic(visitor)
    open_an_account(visitor, mailoutbox)
    ask_for_the_publisher(visitor)
    approve_the_request(open_browser(support), visitor)
    reference = declare_the_product(visitor)
    dossier = open_the_dossier(visitor, reference)
    team = Team(visitor, join_the_team(visitor, open_browser()), dossier)

    answer_the_orientation(team)
    fill_two_themes_by_hand(team)
    fill_the_rest(team)
    the_contributor_cannot_submit(team)
    the_score_tells_what_is_missing_from_what_is_not_met(team)
    filling.deposit(team.contributor, POLICY, filling.pdf("politique.pdf", OLD_POLICY))
    submit_with_the_gap(team)

    desk = open_browser(reviewer)
    examine_everything(desk, dossier, refused={POLICY: MISSING_PAGE})
    send_the_round(desk, dossier)
    correct_the_only_open_question(team)
    submit_with_the_gap(team)
    accept_the_only_item(desk, dossier, POLICY)
    lead = open_browser(review_lead)
    lead.goto(reverse("reviews:detail", args=[dossier.number]))
    conclude(lead, dossier, "favorable avec réserves", CONCLUSION)

    the_report_says_it_all(team, reference)


# --- The visitor becomes the mandataire ------------------------------------------------------------


def fill_in(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"main [name={name}]").fill(text)


def run_the_diagnostic(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Vérifier si mon service est éligible").click()
    page.get_by_text("Oui, les usagers s’en servent eux-mêmes").click()
    page.get_by_text("Oui, et il est déjà ouvert au public").click()
    page.get_by_role("button", name="Voir le résultat").click()
    expect(page.locator("main .fr-badge")).to_have_text(re.compile("éligible", re.IGNORECASE))


def open_an_account(page: Page, mailoutbox: list[EmailMessage]) -> None:
    page.locator("main").get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_text("Le résultat de votre diagnostic sera gardé")).to_be_visible()
    sign_up(page, "Alix Mandataire", "alix@coeur.example")
    expect(page.locator("h1")).to_have_text("Confirmez votre adresse")
    link = re.search(r"https?://\S+/compte/confirmer/\S+", str(mailoutbox[-1].body))
    assert link is not None
    page.goto(link.group())
    page.get_by_role("button", name="Confirmer mon adresse").click()


def sign_up(page: Page, name: str, address: str) -> None:
    fill_in(page, full_name=name, email=address, password1=PASSWORD, password2=PASSWORD)
    page.locator("main").get_by_role("button", name="Créer mon compte").click()


def ask_for_the_publisher(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Inscrire mon entreprise")
    fill_in(page, siren=SIREN, legal_name="Cœur et Compagnie", address="12 rue de la Paix")
    fill_in(page, postal_code="75002", city="Paris", signatory_name="Alix Mandataire", signatory_role="présidente")
    page.locator("main [name=proof]").set_input_files(files=[filling.pdf("kbis.pdf", PDF + b"extrait")])
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator("main")).to_contain_text("Votre demande est entre les mains de l’Agence")


def approve_the_request(support: Page, visitor: Page) -> None:
    """Support reads the proof, once it is scanned, and accepts."""
    version = DocumentVersion.objects.get(original_name="kbis.pdf")
    wait_until(lambda: DocumentVersion.objects.get(pk=version.pk).state == "clean", "the scan of the proof")
    support.goto("/")
    support.get_by_role("link", name="Cœur et Compagnie").click()
    with support.expect_download() as download:
        support.get_by_role("link", name="Ouvrir le justificatif").click()
    assert download.value.suggested_filename == "kbis.pdf"
    support.get_by_text("l’éditeur est ouvert").click()
    support.get_by_role("button", name="Enregistrer la décision").click()
    expect(support.locator("main .fr-alert--success")).to_be_visible()
    visitor.reload()
    visitor.get_by_role("link", name="Déclarer mon premier produit").click()


def declare_the_product(page: Page) -> str:
    """Returns the reference that the screen shows."""
    expect(page.locator("h1")).to_have_text("Déclarer un produit")
    fill_in(page, name="MonSuivi Cœur", description="Un carnet de tension tenu par la personne elle-même.")
    page.locator("label").filter(has_text="web").click()
    page.get_by_role("button", name="Déclarer ce produit").click()
    expect(page.locator("h1")).to_have_text("MonSuivi Cœur")
    return page.locator("main .fr-text--lead strong").inner_text()


def open_the_dossier(page: Page, reference: str) -> Dossier:
    page.get_by_role("link", name="Choisir la démarche").click()
    assert page.get_by_label("Produit").evaluate("field => field.selectedOptions[0].text").startswith("MonSuivi Cœur")
    page.get_by_text("avec échange de données").last.click()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.locator("h1")).to_have_text("Orientation")
    dossier = Dossier.objects.select_related("product").get()
    assert (dossier.product.reference, dossier.number in page.url) == (reference, True)
    return dossier


def join_the_team(mandataire: Page, page: Page) -> Page:
    """The mandataire invites a colleague without an account, who opens one from the link of the message."""
    mandataire.goto(reverse("accounts:team", args=[SIREN]))
    fill_in(mandataire, email="camille@coeur.example")
    mandataire.locator("label", has_text="Contributeur").click()
    mandataire.get_by_role("button", name="Envoyer l’invitation").click()
    # So far the mandataire proved only that the mailbox is theirs.
    expect(mandataire.locator("h1")).to_have_text(re.compile("C’est bien vous"))
    fill_in(mandataire, password=PASSWORD)
    mandataire.get_by_role("button", name="Continuer").click()
    expect(mandataire.locator("main strong", has_text="camille@coeur.example")).to_be_visible()
    link = re.search(r"/invitations/\S+", mail_by_the_worker("camille@coeur.example"))
    assert link is not None
    page.goto(link.group())
    page.locator("main").get_by_role("button", name="Créer mon compte").click()
    sign_up(page, "Camille Contributrice", "camille@coeur.example")
    # The link of the invitation came to this address: it is confirmed already.
    page.get_by_role("button", name="Accepter l’invitation").click()
    page.get_by_role("link", name="MonSuivi Cœur").click()
    assert Membership.objects.get(user__email="camille@coeur.example").role == Membership.Role.CONTRIBUTOR
    return page


# --- Filling -----------------------------------------------------------------------------------


def answer_the_orientation(team: Team) -> None:
    """« Oui » to the health data that every service has, « non » to the rest."""
    page = team.contributor
    page.get_by_role("link", name="Répondre à l’orientation").click()
    finish = page.get_by_role("button", name="Terminer l’orientation")
    expect(finish).to_be_visible()  # below the last question: .all() waits for nothing
    for card in page.locator("[data-question]").all():
        key = card.get_attribute("id")
        assert key is not None
        filling.choose(page, key, "oui" if key in {"ORI-DON-01", "ORI-DON-02"} else "non")
    finish.click()
    expect(page.locator("main .fr-alert--success")).to_contain_text("Orientation terminée")


def fill_two_themes_by_hand(team: Team) -> None:
    """Every type of question, what appears and vanishes, a comment, a « non applicable », a clean file."""
    page = team.contributor
    page.goto(reverse("dossiers:theme", args=[team.dossier.number, "doctrine", "interoperabilite"]))
    expect(filling.card(page, MEASURES)).to_have_count(0)
    filling.choose(page, API, "appariement", "mesures")
    expect(filling.card(page, MEASURES)).to_be_visible()
    filling.choose(page, API, "mesures")
    expect(filling.card(page, MEASURES)).to_have_count(0)
    filling.choose(page, PAIRING, "oui")
    filling.comment(page, PAIRING, COMMENT)
    filling.deposit(page, PAIRING, filling.pdf("appariement.pdf", PDF + b"captures"))
    filling.choose(page, PROFILES, "valides")
    filling.write(page, TESTED_ON, "2026-10-05")
    a_text_is_written_then_hidden_by_a_number(page)
    page.goto(reverse("dossiers:theme", args=[team.dossier.number, "securite", "gouvernance"]))
    filling.write(page, CONTACT, WHO)
    filling.declare_not_applicable(page, TRAINED, REASON)


def a_text_is_written_then_hidden_by_a_number(page: Page) -> None:
    field = filling.field(page, TESTED)
    field.fill("presque tout")
    field.blur()
    expect(page.locator(f"#objections-{TESTED}")).to_contain_text("Écrivez un nombre")
    expect(page.locator(f"#etat-{TESTED}")).to_contain_text("Pas encore enregistré")
    filling.write(page, TESTED, "92,5")
    filling.write(page, FAILURES, HIDDEN)
    filling.write(page, TESTED, "100")
    expect(filling.card(page, FAILURES)).to_have_count(0)
    assert Answer.objects.get(question__key=FAILURES).value == HIDDEN.strip()  # kept all the same


def fill_the_rest(team: Team) -> None:
    """On the database: one honest « non », and the policy's file still missing."""
    by = Membership.objects.get(role=Membership.Role.CONTRIBUTOR).user
    fill(team.dossier, by=by, answers={GAP: "non"}, without_evidence={POLICY})


def the_contributor_cannot_submit(team: Team) -> None:
    page = team.contributor
    team.open(page, "detail")
    expect(page.get_by_role("link", name="Soumettre")).to_have_count(0)
    refused = page.goto(reverse("dossiers:submit", args=[team.dossier.number]))
    assert refused is not None
    assert refused.status == 403
    page.goto(reverse("dossiers:theme", args=[team.dossier.number, "securite", "gouvernance"]))


# --- Submitting and correcting -------------------------------------------------------------------


def the_score_tells_what_is_missing_from_what_is_not_met(team: Team) -> None:
    page = team.mandataire
    team.open(page, "score")
    gaps = page.locator(".gaps")
    expect(gaps).to_have_count(2)
    missing, unmet = gaps.all()
    expect(missing).to_contain_text(f"{POLICY} ")
    expect(missing).not_to_contain_text(GAP)
    expect(unmet).to_contain_text(f"{GAP} ")
    expect(unmet).not_to_contain_text(POLICY)
    expect(page.get_by_role("link", name="Soumettre")).to_have_count(0)


def submit_with_the_gap(team: Team) -> None:
    page = team.mandataire
    team.open(page, "detail")
    page.get_by_role("link", name="Soumettre").click()
    page.locator("#confirm").check(force=True)  # the DSFR draws the box on its label
    page.get_by_role("button", name="Soumettre le dossier").click()
    expect(page.locator("main")).to_contain_text(re.compile("vous connaissez [lc]es écarts"))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for box in ("acknowledge", "confirm"):
        page.locator(f"#{box}").check(force=True)
    page.get_by_role("button", name="Soumettre le dossier").click()
    expect(page.locator("main .fr-alert--success")).to_contain_text("Dossier soumis")
    assert team.state() == Dossier.State.SUBMITTED


def correct_the_only_open_question(team: Team) -> None:
    page = team.contributor
    team.open(page, "detail")
    page.get_by_role("link", name="Corriger").first.click()
    expect(page.locator(".instruction-item")).to_have_count(1)
    page.locator(f"#{POLICY}").get_by_role("link", name=re.compile("Corriger")).click()
    expect(filling.card(page, POLICY)).to_contain_text(MISSING_PAGE)
    page.locator(f"#fichiers-{POLICY}").get_by_role("button", name=re.compile("Retirer")).click()
    expect(page.locator(f"#fichiers-{POLICY} .question__file-list > li")).to_have_count(0)
    filling.deposit(page, POLICY, filling.pdf("politique-approuvee.pdf", NEW_POLICY))
    kept = Attachment.objects.filter(answer__question__key=POLICY, answer__assessment__dossier=team.dossier)
    assert "politique-approuvee.pdf" in kept.values_list("document_version__original_name", flat=True)


# --- The report --------------------------------------------------------------------------------


def the_report_says_it_all(team: Team, reference: str) -> None:
    page = team.mandataire
    team.open(page, "detail")
    page.get_by_role("link", name="Voir le résultat").click()
    expect(page.locator("h1")).to_contain_text("Résultat de")
    score = page.locator("main table tbody tr").first.locator("td").first.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le rapport").click()
    pages = pypdf.PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    text = " ".join(re.sub(r"\s+", " ", each.extract_text()) for each in pages)
    approved = DocumentVersion.objects.get(original_name="politique-approuvee.pdf")
    for said in (reference, team.dossier.number, "avec réserves", CONCLUSION, COMMENT, REASON):
        assert said in text
    assert re.sub(r"\s+", " ", score) in text
    assert approved.sha256 in text.replace(" ", "")
    assert "Deux cas de test échouent" not in text

"""Every page of the portal, as somebody meets it: the address, who looks, and what they did to see it so."""

import json
from collections.abc import Callable, Iterator, Sequence

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import FilePayload, Page

from assessments.models import Attachment, Verdict
from assessments.operations.reviews import give_verdict
from tests.assessments.filled import item_of, last_round
from tests.assessments.saving import save
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import PASSWORD
from tests.journey import editor_pages
from tests.journey.conftest import OpenBrowser
from tests.journey.lost_sessions import come_from_another_session, come_from_somebody_else, come_too_late
from tests.journey.visits import Act, Visit, press, unfold_everything, what_is_wrong
from tests.journey.world import GAP, NOT_APPLICABLE, POLICY, World
from tests.questionnaires.builders import FIXTURES

DOCTRINE, GOVERNANCE = ("doctrine", "interoperabilite"), ("securite", "gouvernance")
NUMBER, CHOICE = "DOC-INT-13", "DOC-INT-03"

# Addresses that give no page of their own: why there is nothing to look at.
NOT_PAGES = {
    "health": "JSON, for a machine",
    "account_session": "JSON, for a page that stayed open",
    "diagnostic:keep": "POST only, redirects",
    "security-txt": "plain text, for those who found a weakness",
    "accounts:invitation-resend": "POST only, redirects",
    "accounts:invitation-revoke": "POST only, redirects",
    "accounts:journal-file": "a download",
    "enrolment:proof": "a download",
    "privacy:download": "a download",
    "privacy:progress": "a fragment of privacy:mine, looked at there",
    "mfa_download_recovery_codes": "a download",
    "mfa_login_webauthn": "JSON, for the script of the sign-in page",
    "openid_connect_login": "needs a provider: looked at in test_entering.py",
    "openid_connect_callback": "redirects",
    "socialaccount_signup": "needs a provider: looked at in test_entering.py",
    "reviews:take": "POST only, redirects",
    "reviews:assign": "POST only, redirects",
    "reviews:agenda": "POST only, redirects, or shows reviews:item again",
    "reviews:settle": "POST only, redirects, or shows reviews:item again",
    "reviews:second-reading": "POST only, redirects",
    "reviews:opinion": "POST only, redirects, or shows reviews:item again",
    "reviews:note": "POST only, redirects, or shows reviews:detail again",
    "reviews:item-note": "POST only, redirects, or shows reviews:item again",
    "reviews:note-withdraw": "POST only, redirects",
    "dossiers:evidence": "a download",
    "results:report": "the PDF",
    "results:progress": "a fragment of results:detail, looked at there",
    "dossiers:answer": "a fragment of dossiers:theme, looked at there",
    "dossiers:attribute": "POST only, dossiers:thread again or a redirect",
    "dossiers:comment-edit": "POST only, dossiers:thread again or a redirect",
    "dossiers:comment-delete": "POST only, a redirect",
    "dossiers:comment-settle": "POST only, a redirect",
    "dossiers:presence": "POST only, a fragment of dossiers:theme",
    "account_notices_read": "POST only, a redirect",
    "account_notice": "POST only, a redirect",
    "dossiers:attach": "a fragment of dossiers:theme, looked at there",
    "dossiers:detach": "POST only, a fragment of dossiers:theme or a redirect",
    "dossiers:give-up-draft": "POST only, a fragment of dossiers:theme or a redirect",
    "dossiers:workbook-file": "a download",
    "dossiers:answers-file": "a download",
    "dossiers:fhir-file": "a download",
    "questionnaires:import-template": "a download",
    "questionnaires:import-confirm": "looked at as the previews of questionnaires:import",
    "questionnaires:export-yaml": "a download",
    "questionnaires:export-workbook": "a download",
    "questionnaires:export-fhir": "a download",
    "dossiers:import": "looked at as the preview of dossiers:workbook",
    "dossiers:confirm": "POST only, a fragment of dossiers:theme or a redirect",
    "dossiers:not-applicable-undo": "POST only, redirects",
    "dossiers:reply": "POST only, dossiers:instruction again or a redirect",
    "dossiers:pack": "a fragment of dossiers:detail, looked at there",
    "dossiers:pack-file": "a download",
    "reviews:pack": "a fragment of reviews:detail, looked at there",
    "reviews:pack-file": "a download",
    "reviews:evidence": "a download",
    "evidence:file": "a download",
    "evidence:start-upload": "JSON, for the script that sends files",
    "evidence:upload": "JSON, for the script that sends files",
    "evidence:piece": "PUT only, for the script that sends files",
    "library:replace": "POST only, its page is looked at from library:document",
    "library:add-version": "POST only, redirects, or shows library:document again",
    "evidence:preview": "a picture, looked at in library:document",
    "reviews:preview": "a picture, looked at in reviews:item",
    **editor_pages.NOT_PAGES,
}


def bring_a_questionnaire(name: str, content: bytes) -> Act:
    """Have a file read."""

    def bring(page: Page, _world: World) -> None:
        file: FilePayload = {"name": name, "mimeType": "application/yaml", "buffer": content}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Lire ce fichier").click()
        page.wait_for_load_state()

    return bring


# --- What people do ----------------------------------------------------------------------------


def replaced_document(world: World) -> Sequence[object]:
    """One that stands, in its first version, in a dossier that is filled; its second is clean."""
    attachments = Attachment.objects.filter(answer__assessment__dossier=world.dossiers["filling"], removed_at=None)
    document = attachments.earliest("pk").document_version.document
    if document.versions.count() == 1:
        DocumentVersionFactory.create(document=document, number=2, clean=True, original_name="politique-2026.pdf")
        document.expires_on = timezone.localdate()
        document.save(update_fields=["expires_on"])
    return (document.pk,)


def give_no_title(page: Page, world: World) -> None:
    page.locator("[name=title]").fill("")
    press("Enregistrer")(page, world)


def use_the_newest(page: Page, world: World) -> None:
    page.get_by_role("button", name="partout où la réponse peut encore changer").click()
    page.get_by_role("link", name="Retour au document").wait_for()


def choose_a_proof(page: Page, world: World) -> None:
    page.locator(f"#fichiers-{POLICY}").get_by_role("link", name="Choisir parmi mes preuves").click()
    page.locator(f"#choix-{POLICY} [type=search]").wait_for()


def go_to(address: str) -> Act:
    return lambda page, world: void(page.goto(address))


def void(_: object) -> None:
    return None


def lose_the_session(page: Page, world: World) -> None:
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_text("Votre saisie n’a pas été enregistrée").first.wait_for()


def give_the_password(page: Page, world: World) -> None:
    page.locator("main [name=login]").fill(world.people["reviewer"].email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("heading", name="Votre second facteur").wait_for()


def see(template: str) -> Act:
    """A page that no address gives on demand: its template, drawn for a visitor."""

    def act(page: Page, world: World) -> None:
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        html = render_to_string(template, {"support_email": "support@convergence.example"}, request=request)
        page.route("**/sur-demande/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto("/sur-demande/")
        page.unroute("**/sur-demande/")

    return act


def open_the_shortcuts(page: Page, world: World) -> None:
    page.get_by_role("button", name="Raccourcis clavier").click()
    page.locator("#raccourcis").wait_for()


def reply_with_nothing(page: Page, world: World) -> None:
    page.locator("details:not([open]) > summary", has_text="Répondre à l’examinateur").first.click()
    page.get_by_role("button", name="Enregistrer ma réponse").first.click()
    what_is_wrong(page).wait_for()


def comment_with_nothing(page: Page, world: World) -> None:
    page.get_by_role("button", name="Ajouter ce commentaire").click()
    page.locator("main .fr-message--error").first.wait_for()


def type_what_is_no_number(page: Page, world: World) -> None:
    field = page.locator(f"[name='{NUMBER}-value']")
    field.fill("presque tout")
    field.blur()
    page.locator(f"#objections-{NUMBER} .fr-error-text").wait_for()


def answer_after_a_colleague(page: Page, world: World) -> None:
    save(world.dossiers["filling"], CHOICE, "non", by=world.people["mandataire"], comment="À revoir ensemble.")
    page.locator(f"label[for='{CHOICE}-oui']").click()
    page.locator(f"#conflit-{CHOICE} .fr-alert").wait_for()


def bring_answers_back(page: Page, world: World) -> None:
    """One that is ready, one that cannot be read."""
    number = world.dossiers["filling"].number
    answers = {CHOICE: {"revision": 0, "comment": "Écrit hors ligne."}, POLICY: {"revision": 0, "value": "peut-être"}}
    content = json.dumps({"format": 1, "dossier": number, "edition": "2026", "answers": answers}).encode()
    file: FilePayload = {"name": "reponses.json", "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Voir ce qui va changer").click()
    page.wait_for_url("**/classeur/*/")


def judge_after_a_colleague(page: Page, world: World) -> None:
    dossier = world.dossiers["submitted"]
    seen = Verdict.objects.get(item=item_of(dossier, POLICY))
    give_verdict(
        round=last_round(dossier),
        item=item_of(dossier, POLICY),
        decision="question",
        text="De quand date-t-elle ?",
        by=world.people["review_lead"],
        seen_at=seen.decided_at,
    )
    page.get_by_role("button", name="Enregistrer le verdict").click()
    page.get_by_text("a jugé cet élément entre-temps").wait_for()


def ask_the_commission(page: Page, world: World) -> None:
    if page.get_by_role("button", name="Enregistrer l’avis").count() == 0:
        page.locator("summary", has_text="Mettre à l’ordre du jour").click()
        page.locator("[name=agenda-text]").fill("Cette politique date de 2019 : suffit-elle ?")
        page.get_by_role("button", name="Inscrire cet élément").click()
        page.get_by_role("button", name="Enregistrer l’avis").wait_for()


def of(name: str, *more: object) -> Callable[[World], Sequence[object]]:
    """The number of one of the world's dossiers, and what follows it."""
    return lambda world: (world.number(name), *more)


def siren(world: World) -> Sequence[object]:
    return (world.publisher.siren,)


def reference(world: World) -> Sequence[object]:
    return (world.dossiers["new"].product.reference,)


def membership(world: World) -> Sequence[object]:
    return (world.publisher.siren, world.publisher.memberships.get(user=world.people["contributor"]).pk)


def own_place(world: World) -> Sequence[object]:
    return (world.publisher.siren, world.publisher.memberships.get(user=world.people["reader"]).pk)


def of_consultant(world: World) -> Sequence[object]:
    return (world.publisher.siren, world.publisher.memberships.get(user=world.people["consultant"]).pk)


def asked(state: str) -> Callable[[World], Sequence[object]]:
    return lambda world: (world.requests[state].pk,)


def passkey(world: World) -> Sequence[object]:
    return (world.passkey.pk,)


# --- The pages ---------------------------------------------------------------------------------

PUBLIC = (
    Visit("home"),
    Visit("accessibility"),
    Visit("legal"),
    Visit("diagnostic:start"),
    Visit("diagnostic:start", what="nothing chosen", act=press("Voir le résultat")),
    Visit("diagnostic:start", what="not published", act=see("diagnostic/unavailable.html")),
    Visit("diagnostic:outcome", args=lambda world: (world.diagnostic.token,)),
    Visit("diagnostic:outcome", "newcomer", args=lambda world: (world.diagnostic.token,)),
    Visit("requirements:index"),
    Visit("requirements:index", what="nothing published", act=see("requirements/unavailable.html")),
    Visit("requirements:edition", args=lambda world: ("2026",)),
    Visit("requirements:questionnaire", args=lambda world: ("2026", "securite")),
    Visit("requirements:theme", args=lambda world: ("2026", "securite", "gouvernance")),
    Visit("requirements:requirement", args=lambda world: ("2026", "SEC-IDU-03")),
    Visit("requirements:search", query="?q=sauvegardes"),
    Visit("requirements:search", what="nothing found", query="?q=girafe&niveau=mandatory"),
    Visit("requirements:profile"),
    Visit("requirements:profile", what="chosen", query="?demarche=with_exchange&profil=ai&profil=mobile_app"),
    Visit("requirements:differences"),
    Visit("requirements:differences", what="compared", query="?de=2026&a=2027"),
    Visit("requirements:requirement", args=lambda world: ("2027", "SEC-IDU-07"), what="changed"),
    Visit("home", what="404", act=go_to("/nulle-part/")),
    *(Visit("home", what=template, act=see(template)) for template in ("400.html", "405.html", "429.html", "500.html")),
    Visit("account_login"),
    Visit("account_login", what="nothing typed", act=press("Se connecter")),
    Visit("account_login", what="expired", act=lose_the_session),
    Visit("account_signup"),
    Visit("account_signup", what="nothing typed", act=press("Créer mon compte")),
    Visit("account_email_verification_sent"),
    Visit("account_confirm_email", args=lambda world: (world.confirmation_key,)),
    Visit("account_confirm_email", args=lambda world: ("perime",), what="used"),
    Visit("account_reset_password"),
    Visit("account_reset_password", what="nothing typed", act=press("Recevoir le lien")),
    Visit("account_reset_password_done"),
    Visit("account_reset_password_from_key", args=lambda world: world.reset_key),
    Visit("account_reset_password_from_key", args=lambda world: ("1", "perime"), what="used"),
    Visit("account_reset_password_from_key_done"),
    Visit("account_inactive"),
    Visit("privacy:notice"),
    Visit("socialaccount_login_cancelled"),
    Visit("accounts:invitation", args=lambda world: ("invitation",)),
    Visit("accounts:invitation", args=lambda world: ("over",), what="over"),
    Visit("accounts:invitation", args=lambda world: ("inconnue",), what="unknown"),
    Visit("accounts:invitation", "newcomer", args=lambda world: ("invitation",), what="another address"),
    Visit("mfa_authenticate", act=give_the_password),
)
OWN = (
    Visit("account_home", "mandataire"),
    Visit("account_notices", "contributor"),
    Visit("account_notices", "stranger", what="empty"),
    Visit("usersessions_list", "mandataire"),
    Visit("mfa_index", "mandataire", what="none"),
    Visit("mfa_index", "keyholder"),
    Visit("mfa_activate_totp", "mandataire"),
    Visit("mfa_activate_totp", "mandataire", what="nothing typed", act=press("Activer les codes")),
    Visit("mfa_deactivate_totp", "reviewer"),
    Visit("mfa_list_webauthn", "keyholder"),
    Visit("mfa_list_webauthn", "mandataire", what="none"),
    Visit("mfa_add_webauthn", "mandataire"),
    Visit("mfa_edit_webauthn", "keyholder", passkey),
    Visit("mfa_remove_webauthn", "keyholder", passkey),
    Visit("mfa_view_recovery_codes", "keyholder"),
    Visit("mfa_generate_recovery_codes", "keyholder"),
    Visit("mfa_reauthenticate", "reviewer"),
    Visit("mfa_reauthenticate", "reviewer", what="nothing typed", act=press("Continuer")),
    Visit("mfa_reauthenticate_webauthn", "keyholder"),
    Visit("socialaccount_connections", "mandataire"),
    Visit("socialaccount_login_error", "mandataire"),
    Visit("privacy:mine", "mandataire"),
    Visit("privacy:close", "mandataire"),
    Visit("privacy:close", "mandataire", what="nothing typed", act=press("Fermer mon compte et effacer mes données")),
    Visit("account_email", "mandataire"),
    Visit("account_email", "mandataire", what="nothing typed", act=press("Ajouter cette adresse")),
    Visit("account_change_password", "mandataire"),
    Visit("account_change_password", "mandataire", what="nothing typed", act=press("Changer le mot de passe")),
    Visit("account_set_password", "without_password"),
    Visit("account_reauthenticate", "mandataire"),
    Visit("account_logout", "mandataire"),
)
TEAM = (
    Visit("enrolment:start", "newcomer"),
    Visit("enrolment:start", "newcomer", what="nothing typed", act=press("Envoyer ma demande")),
    Visit("enrolment:detail", "asking submitted", asked("submitted")),
    Visit("enrolment:detail", "asking more_asked", asked("more_asked"), what="more asked"),
    Visit("enrolment:queue", "support"),
    Visit("enrolment:examine", "support", asked("submitted")),
    Visit("enrolment:examine", "support", asked("submitted"), "nothing", press("Enregistrer la décision")),
    Visit("accounts:team", "mandataire", siren),
    Visit("accounts:team", "mandataire", siren, what="nothing typed", act=press("Envoyer l’invitation")),
    Visit("accounts:team", "reader", siren),
    Visit("accounts:team", "consultant", siren, what="not theirs"),
    Visit("accounts:member", "mandataire", membership),
    Visit("accounts:member", "mandataire", of_consultant, what="consultant"),
    Visit("accounts:member-remove", "mandataire", membership),
    Visit("accounts:member-remove", "reader", own_place, what="oneself"),
    Visit("accounts:journal", "mandataire", siren),
    Visit("consultants:dossiers", "mandataire", of_consultant),
    Visit("products:list", "newcomer", what="empty"),
    Visit("products:list", "stranger", what="empty"),
    Visit("products:list", "contributor"),
    Visit("products:create", "contributor"),
    Visit("products:create", "contributor", what="nothing typed", act=press("Déclarer ce produit")),
    Visit("products:detail", "contributor", reference),
    Visit("products:edit", "contributor", reference),
    Visit("products:edit", "contributor", reference, "session ended", come_too_late),
    Visit("products:edit", "contributor", reference, "another session", come_from_another_session),
    Visit("products:edit", "contributor", reference, "somebody else's", come_from_somebody_else),
    Visit("account_resume", "contributor"),
    Visit("library:list", "stranger", what="empty"),
    Visit("library:list", "contributor"),
    Visit("library:list", "contributor", query="?q=introuvable&etat=refuse", what="nothing found"),
    Visit("library:deposit", "contributor"),
    Visit("library:deposit", "contributor", what="nothing chosen", act=press("Déposer")),
    Visit("library:document", "contributor", replaced_document),
    Visit("library:document", "contributor", replaced_document, "no title", give_no_title),
    Visit("library:document", "reader", replaced_document),
    Visit("library:document", "contributor", replaced_document, "replaced", use_the_newest),
    Visit("library:document", "contributor", replaced_document, "unfolded", unfold_everything),
)
DOSSIERS = (
    Visit("dossiers:list", "stranger", what="empty"),
    Visit("dossiers:list", "contributor"),
    Visit("dossiers:create", "stranger", what="no product"),
    Visit("dossiers:create", "contributor"),
    Visit("dossiers:create", "contributor", what="nothing chosen", act=press("Ouvrir le dossier")),
    *(
        Visit("dossiers:detail", "mandataire", of(name), what=name)
        for name in ("new", "filling", "complete", "submitted", "sent back", "closed")
    ),
    Visit("dossiers:detail", "reader", of("filling")),
    Visit("dossiers:list", "consultant"),
    Visit("dossiers:detail", "consultant", of("filling")),
    Visit("dossiers:theme", "consultant", of("filling", *GOVERNANCE)),
    Visit("dossiers:changes", "contributor", of("filling")),
    Visit("dossiers:orientation", "contributor", of("new")),
    Visit("dossiers:history", "contributor", of("filling", "SEC-GOV-02")),
    Visit("dossiers:theme", "contributor", of("filling", *GOVERNANCE)),
    Visit("dossiers:theme", "contributor", of("filling", *GOVERNANCE), what="unfolded", act=unfold_everything),
    Visit("dossiers:theme", "contributor", of("filling", *GOVERNANCE), what="choosing a proof", act=choose_a_proof),
    Visit("dossiers:choose", "contributor", of("filling", POLICY)),
    Visit("dossiers:theme", "contributor", of("filling", *GOVERNANCE), what="shortcuts", act=open_the_shortcuts),
    Visit("dossiers:search", "contributor", of("filling"), query="?q=données", what="found"),
    Visit("dossiers:search", "contributor", of("filling"), query="?q=zèbre", what="nothing found"),
    Visit(
        "dossiers:not-applicable",
        "contributor",
        of("filling", *GOVERNANCE),
        what="no reason",
        act=press("Déclarer non applicable"),
    ),
    Visit("dossiers:reuse", "contributor", of("filling")),
    Visit("dossiers:next-edition", "contributor", of("filling")),
    Visit("dossiers:next-edition", "contributor", of("submitted"), what="examined"),
    Visit("dossiers:next-edition-simulation", "contributor", of("filling")),
    Visit("dossiers:next-edition-accept", "contributor", of("filling")),
    Visit("dossiers:edition", "contributor", of("filling", "2026")),
    Visit("dossiers:edition-theme", "contributor", of("filling", "2026", "gouvernance")),
    Visit("dossiers:workbook", "contributor", of("filling")),
    Visit("dossiers:workbook", "contributor", of("filling"), what="preview", act=bring_answers_back),
    Visit("dossiers:reuse", "contributor", of("new"), what="orientation"),
    Visit("dossiers:theme", "contributor", of("filling", *DOCTRINE), what="error", act=type_what_is_no_number),
    Visit("dossiers:theme", "contributor", of("filling", *DOCTRINE), what="conflict", act=answer_after_a_colleague),
    Visit("dossiers:theme", "contributor", of("sent back", *GOVERNANCE), what="sent back"),
    Visit("dossiers:theme", "reader", of("filling", *GOVERNANCE), what="read only"),
    Visit("dossiers:thread", "contributor", of("filling", POLICY)),
    Visit("dossiers:thread", "contributor", of("filling", POLICY), what="unfolded", act=unfold_everything),
    Visit("dossiers:thread", "contributor", of("filling", POLICY), what="blank", act=comment_with_nothing),
    Visit("dossiers:thread", "reader", of("filling", POLICY), what="read only"),
    Visit("dossiers:attribute-theme", "contributor", of("filling", *GOVERNANCE)),
    Visit("dossiers:questions", "contributor", of("filling")),
    Visit("dossiers:activity", "reader", of("filling")),
    Visit("dossiers:score", "mandataire", of("filling"), what="incomplete"),
    Visit("dossiers:score", "mandataire", of("complete"), what="complete"),
    Visit("dossiers:path", "mandataire", of("filling")),
    Visit("dossiers:what-if", "reader", of("filling"), query="?programme=with_exchange", what="simulated"),
    Visit("dossiers:submit", "contributor", of("complete"), what="refused"),
    Visit("dossiers:submit", "mandataire", of("filling"), what="incomplete"),
    Visit("dossiers:submit", "mandataire", of("complete")),
    Visit("dossiers:submit", "mandataire", of("complete"), what="not ticked", act=press("Soumettre le dossier")),
    Visit("dossiers:submit", "mandataire", of("submitted"), what="too late"),
    *(
        Visit("dossiers:instruction", "mandataire", of(name), what=name)
        for name in ("new", "submitted", "sent back", "again", "closed")
    ),
    Visit("dossiers:instruction", "mandataire", of("sent back"), what="unfolded", act=unfold_everything),
    Visit("dossiers:instruction", "reader", of("sent back"), what="read only"),
    Visit("dossiers:instruction", "contributor", of("sent back"), what="nothing typed", act=reply_with_nothing),
    Visit("dossiers:theme", "contributor", of("again", *GOVERNANCE), what="working copy"),
    Visit("dossiers:submit", "mandataire", of("sent back"), what="nothing settled"),
    Visit("dossiers:submit", "mandataire", of("settled"), what="corrections"),
    *(Visit("results:detail", "mandataire", of(name), what=name) for name in ("closed", "in progress", "failed")),
)
DESK = (
    Visit("home", "gie_officer"),
    Visit("reviews:queue", "reviewer"),
    Visit("reviews:queue", "reviewer", query="?tour=clos&demarche=with_exchange", what="filtered"),
    *(
        Visit("reviews:detail", "reviewer", of(name), what=name)
        for name in ("submitted", "examined", "sent back", "again", "closed")
    ),
    Visit("reviews:item", "reviewer", of("submitted", NOT_APPLICABLE)),
    Visit("reviews:item", "reviewer", of("submitted", NOT_APPLICABLE), "empty", press("Enregistrer le verdict")),
    Visit("reviews:item", "reviewer", of("submitted", POLICY), "stale", judge_after_a_colleague),
    Visit("reviews:item", "reviewer", of("submitted", POLICY), what="pages to leaf through"),
    Visit("reviews:item", "reviewer", of("submitted", GAP), what="not an item"),
    Visit("reviews:item", "reviewer", of("submitted", GAP), "no note", press("Enregistrer la note")),
    Visit("reviews:item", "reviewer", of("again", POLICY), what="second round"),
    Visit("reviews:item", "reviewer", of("closed", POLICY), what="over"),
    Visit("reviews:commission", "reviewer", what="empty"),
    Visit("reviews:item", "reviewer", of("submitted", POLICY), "on the agenda", ask_the_commission),
    Visit("reviews:commission", "reviewer"),
    Visit("reviews:send", "reviewer", of("submitted"), what="not yet"),
    Visit("reviews:send", "reviewer", of("examined")),
    Visit("reviews:queue", "review_lead"),
    Visit("reviews:detail", "review_lead", of("examined")),
    Visit("reviews:recuse", "reviewer", of("submitted")),
    Visit("reviews:recuse", "reviewer", of("submitted"), what="nothing typed", act=press("Me déporter")),
    Visit("results:close", "review_lead", of("submitted"), what="not yet"),
    Visit("results:close", "review_lead", of("again")),
    Visit("results:close", "review_lead", of("again"), what="nothing chosen", act=press("Clore l’instruction")),
    Visit("results:detail", "reviewer", of("closed")),
)
DIAGNOSTIC = (FIXTURES / "diagnostic.yaml").read_bytes()
QUESTIONNAIRES = (
    Visit("questionnaires:export", args=lambda _world: ("DIA", "2026.1")),
    Visit("questionnaires:import", "editor"),
    Visit("questionnaires:import", "editor", what="refused", act=bring_a_questionnaire("a.yaml", b"a: 1\n")),
    Visit("questionnaires:import", "editor", what="same", act=bring_a_questionnaire("a.yaml", DIAGNOSTIC)),
    Visit(
        "questionnaires:import",
        "editor",
        what="new",
        act=bring_a_questionnaire("a.yaml", DIAGNOSTIC.replace(b"2026.1", b"2027.1")),
    ),
    Visit(
        "questionnaires:import",
        "editor",
        what="published",
        act=bring_a_questionnaire("a.yaml", DIAGNOSTIC.replace(b"Deux questions", b"Trois questions")),
    ),
    Visit("questionnaires:import", "editor", what="waiting"),
)
VISITS = (*PUBLIC, *OWN, *TEAM, *DOSSIERS, *DESK, *QUESTIONNAIRES, *editor_pages.VISITS)


def walk(open_browser: OpenBrowser, world: World, *, width: int) -> Iterator[tuple[Visit, Page]]:
    """Open each page in turn, in one browser for each person."""
    pages: dict[str, Page] = {}
    for visit in VISITS:
        if visit.who not in pages:
            pages[visit.who] = open_browser(world.people.get(visit.who), viewport={"width": width, "height": 900})
        visit.open(pages[visit.who], world)
        yield visit, pages[visit.who]

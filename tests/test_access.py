"""Who may open what: every address of the portal × every role, deny by default.

A new address fails `test_every_url_is_decided` until somebody decides here who may open it. The administration's
addresses stand in test_access_admin.py, the editor's in access_editor.py; those who are no longer what they were, in
test_access_outsiders.py.
"""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import URLResolver, clear_url_caches, get_resolver, path, resolve, reverse

from convergence import urls
from tests import access_editor
from tests.access_rows import ROLES, Row, row
from tests.clients import SignedInClient
from tests.world import Seen, World, address_of, ask

pytestmark = pytest.mark.once

EVERYBODY = row(anonymous=200, others=200)
SIGNED_IN = row(others=200)
NOBODY_READS = row(others=405)
FILLERS = row(team=200, reader=403)
# A dossier open to a consultant; what is not open to them does not exist.
CONSULTED = row(team=200, consultant=200)
MANAGERS = row(team=403, mandataire=200, representative=200)
EXAMINERS = row(others=403, support=200, administrator=200)
SUBMITTERS = row(mandataire=200, representative=200, contributor=403, reader=403, consultant=403)
EDITORS = row(editor=200, administrator=200)
REVIEWERS = row(reviewer=200, review_lead=200)

GET: dict[str, Row] = {
    "home": row(anonymous=200, others=302, gie_officer=200),
    "accessibility": EVERYBODY,
    "legal": EVERYBODY,
    "health": EVERYBODY,
    "diagnostic:start": EVERYBODY,
    "diagnostic:outcome": EVERYBODY,
    "diagnostic:keep": row(anonymous=405, others=405),
    "requirements:index": EVERYBODY,
    "requirements:search": EVERYBODY,
    "requirements:profile": EVERYBODY,
    "requirements:differences": EVERYBODY,
    "requirements:edition": EVERYBODY,
    "requirements:questionnaire": EVERYBODY,
    "requirements:theme": EVERYBODY,
    "requirements:requirement": EVERYBODY,
    # allauth's pages. Whoever is signed in already is sent on from those that sign in.
    "account_login": row(anonymous=200, others=302),
    "account_signup": row(anonymous=200, others=302),
    "account_logout": SIGNED_IN,
    "account_inactive": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": row(others=302),
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_home": SIGNED_IN,
    "account_notices": SIGNED_IN,
    "account_notices_read": NOBODY_READS,
    "account_notice": NOBODY_READS,
    "usersessions_list": SIGNED_IN,
    "account_resume": SIGNED_IN,
    "account_session": EVERYBODY,
    "mfa_index": SIGNED_IN,
    # Nobody is between password and second factor here: back to where one signs in.
    "mfa_authenticate": row(others=302),
    "mfa_login_webauthn": row(others=302),
    # Whoever has no code, or no passkey, is sent to what they have.
    "mfa_reauthenticate": row(others=302, staff=200),
    "mfa_reauthenticate_webauthn": row(others=302, contributor=200),
    # Staff have codes already: they are led to where codes are given up, and the others the other way round.
    "mfa_activate_totp": row(others=200, staff=302),
    "mfa_deactivate_totp": row(staff=200),
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    # The passkey is the contributor's.
    "mfa_edit_webauthn": row(contributor=200),
    "mfa_remove_webauthn": row(contributor=200),
    "mfa_view_recovery_codes": row(),
    "mfa_download_recovery_codes": row(),
    "mfa_generate_recovery_codes": SIGNED_IN,
    # No identity provider is configured here.
    "openid_connect_login": row(anonymous=404),
    "openid_connect_callback": row(anonymous=404),
    "socialaccount_connections": SIGNED_IN,
    "socialaccount_signup": row(others=302),
    "socialaccount_login_cancelled": EVERYBODY,
    "socialaccount_login_error": row(others=401),
    "security-txt": EVERYBODY,
    "privacy:notice": EVERYBODY,
    "privacy:mine": SIGNED_IN,
    "privacy:progress": SIGNED_IN,
    "privacy:download": row(contributor=200),
    "privacy:close": SIGNED_IN,
    # The judge opens no publisher. The reader has a request under way.
    "enrolment:start": row(others=200, reader=302, staff=403),
    "enrolment:detail": row(reader=200),
    "enrolment:queue": EXAMINERS,
    "enrolment:examine": EXAMINERS,
    "enrolment:proof": EXAMINERS,
    "accounts:team": row(team=200),
    "accounts:member": MANAGERS,
    "accounts:invitation": EVERYBODY,
    "accounts:invitation-resend": NOBODY_READS,
    "accounts:invitation-revoke": NOBODY_READS,
    "accounts:journal": row(team=403, mandataire=200, representative=200),
    "accounts:journal-file": row(team=403, mandataire=200, representative=200),
    "consultants:dossiers": MANAGERS,
    # The reader may leave by themselves.
    "accounts:member-remove": row(team=200, contributor=403),
    # A stranger has products and dossiers of their own: lists show nobody else's.
    "products:list": SIGNED_IN,
    "products:create": row(others=200, reader=403, consultant=403, staff=403),
    "products:detail": row(team=200),
    "products:edit": FILLERS,
    "library:list": SIGNED_IN,
    # A stranger has a library of their own to deposit in.
    "library:deposit": row(others=403, team=200, reader=403, stranger=200),
    "library:document": row(team=200),
    "library:add-version": NOBODY_READS,
    "library:replace": NOBODY_READS,
    "evidence:file": row(team=200),
    "evidence:start-upload": NOBODY_READS,
    # Its author's alone: the contributor's.
    "evidence:upload": row(contributor=200),
    "evidence:piece": NOBODY_READS,
    "evidence:preview": row(team=200),
    "dossiers:list": SIGNED_IN,
    "dossiers:create": row(others=200, reader=403, consultant=403, staff=403),
    "dossiers:detail": CONSULTED,
    "dossiers:changes": CONSULTED,
    "dossiers:orientation": CONSULTED,
    "dossiers:theme": CONSULTED,
    "dossiers:answer": CONSULTED,
    "dossiers:history": CONSULTED,
    "dossiers:search": CONSULTED,
    "dossiers:reuse": row(team=200, reader=403, consultant=200),
    "dossiers:confirm": NOBODY_READS,
    "dossiers:next-edition": CONSULTED,
    # There is no newer one: nothing is simulated, nor followed. A consultant reads, and follows none.
    "dossiers:next-edition-simulation": row(team=302, consultant=302),
    "dossiers:next-edition-accept": row(team=302, reader=403, consultant=403),
    "dossiers:edition": CONSULTED,
    "dossiers:edition-theme": CONSULTED,
    "dossiers:not-applicable": row(team=200, reader=403, consultant=200),
    "dossiers:not-applicable-undo": NOBODY_READS,
    "dossiers:attach": CONSULTED,
    "dossiers:choose": row(team=200, reader=403, consultant=200),
    "dossiers:evidence": CONSULTED,
    "dossiers:detach": NOBODY_READS,
    "dossiers:questions": CONSULTED,
    "dossiers:thread": CONSULTED,
    "dossiers:attribute": NOBODY_READS,
    "dossiers:attribute-theme": row(team=200, reader=403, consultant=200),
    "dossiers:comment-edit": NOBODY_READS,
    "dossiers:comment-delete": NOBODY_READS,
    "dossiers:comment-settle": NOBODY_READS,
    "dossiers:activity": CONSULTED,
    "dossiers:presence": NOBODY_READS,
    "dossiers:score": CONSULTED,
    "dossiers:path": CONSULTED,
    "dossiers:what-if": CONSULTED,
    "dossiers:instruction": CONSULTED,
    "dossiers:reply": NOBODY_READS,
    "dossiers:give-up-draft": NOBODY_READS,
    "dossiers:submit": SUBMITTERS,
    "dossiers:workbook": CONSULTED,
    "dossiers:workbook-file": CONSULTED,
    "dossiers:answers-file": CONSULTED,
    "dossiers:fhir-file": CONSULTED,
    "questionnaires:import": EDITORS,
    "questionnaires:import-template": EDITORS,
    # Its author's alone: the editor's.
    "questionnaires:import-confirm": row(editor=200),
    # What is published is everybody's.
    "questionnaires:export": EVERYBODY,
    "questionnaires:export-yaml": EVERYBODY,
    "questionnaires:export-workbook": EVERYBODY,
    "questionnaires:export-fhir": EVERYBODY,
    # Its author's alone: the contributor's.
    "dossiers:import": row(reader=403, contributor=200),
    # Neither readers nor consultants open what is confidential.
    "dossiers:pack": row(team=200, reader=403, consultant=403),
    "dossiers:pack-file": row(team=200, reader=403, consultant=403),
    "reviews:queue": row(others=403, reviewer=200, review_lead=200),
    "reviews:detail": REVIEWERS,
    "reviews:item": REVIEWERS,
    "reviews:evidence": REVIEWERS,
    "reviews:preview": REVIEWERS,
    "reviews:send": REVIEWERS,
    "reviews:pack": REVIEWERS,
    "reviews:pack-file": REVIEWERS,
    "reviews:take": NOBODY_READS,
    "reviews:assign": NOBODY_READS,
    "reviews:recuse": REVIEWERS,
    "reviews:commission": row(others=403, reviewer=200, review_lead=200),
    "reviews:agenda": NOBODY_READS,
    "reviews:settle": NOBODY_READS,
    "reviews:second-reading": NOBODY_READS,
    "reviews:opinion": NOBODY_READS,
    "reviews:note": NOBODY_READS,
    "reviews:note-withdraw": NOBODY_READS,
    "reviews:item-note": NOBODY_READS,
    "results:close": row(reviewer=403, review_lead=200),
    "results:detail": row(team=200, consultant=200, reviewer=200, review_lead=200),
    "results:report": row(team=200, consultant=200, reviewer=200, review_lead=200),
    "results:progress": row(team=200, consultant=200, reviewer=200, review_lead=200),
    **access_editor.GET,
}

# POST, or PATCH for an answer, of something that those who may can do. What is not listed takes no writing: 405.
WRITE: dict[str, Row] = {
    "diagnostic:start": row(others=302),
    "diagnostic:keep": row(others=302),
    # Without the right words these only show their form again, to the same people as above.
    "account_login": row(anonymous=200, others=302),
    "account_signup": row(anonymous=200, others=302),
    "account_logout": row(others=302),
    "account_confirm_email": row(anonymous=404),
    "account_reset_password": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": row(others=302),
    "account_email": row(others=302),
    "account_home": row(others=302),
    "account_notices": row(others=302),
    "account_notices_read": row(others=302),
    # The reader was called in a comment.
    "account_notice": row(reader=302),
    "account_reauthenticate": SIGNED_IN,
    "mfa_authenticate": row(others=302),
    "mfa_login_webauthn": row(others=302),
    "mfa_reauthenticate": row(others=302, staff=200),
    "mfa_reauthenticate_webauthn": row(others=302),
    "mfa_activate_totp": row(others=200, staff=302),
    # Their only factor: the form says no.
    "mfa_deactivate_totp": row(staff=200),
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": row(contributor=200),
    "mfa_remove_webauthn": row(contributor=302),
    "mfa_generate_recovery_codes": row(others=200, contributor=302, staff=302),
    "openid_connect_login": row(anonymous=404),
    "socialaccount_connections": SIGNED_IN,
    "socialaccount_signup": row(others=302),
    "usersessions_list": row(others=302),
    "privacy:mine": row(others=302),
    "privacy:close": SIGNED_IN,
    "enrolment:start": row(others=302, staff=403),
    # Sent already: back to its page.
    "enrolment:detail": row(reader=302),
    "enrolment:examine": row(others=403, support=302, administrator=302),
    "accounts:team": row(team=403, mandataire=302, representative=302),
    "accounts:member": row(team=403, mandataire=302, representative=302),
    # The reader leaves by themselves.
    "accounts:member-remove": row(team=302, contributor=403),
    # A visitor is led to sign up; somebody signed in under another address stays on the page; all get the same.
    "accounts:invitation": row(anonymous=302, others=302),
    "accounts:invitation-resend": row(team=403, mandataire=302, representative=302),
    "accounts:invitation-revoke": row(team=403, mandataire=302, representative=302),
    "consultants:dossiers": row(team=403, mandataire=302, representative=302),
    # The stranger chooses a product and a publisher that are not theirs: the form is shown again, nothing is done.
    "products:create": row(team=302, reader=403, consultant=403, stranger=200, staff=403),
    "products:edit": row(team=302, reader=403),
    "library:deposit": row(others=403, team=302, reader=403, stranger=302),
    "library:document": row(team=302, reader=403),
    "library:add-version": row(team=302, reader=403),
    "library:replace": row(team=200, reader=403),
    "evidence:start-upload": row(team=201, reader=403, consultant=201),
    "dossiers:create": row(team=302, reader=403, consultant=403, stranger=200, staff=403),
    "dossiers:orientation": row(team=302, reader=403, consultant=302),
    "dossiers:theme": row(team=302, reader=403, consultant=302),
    "dossiers:answer": row(team=200, reader=403, consultant=200),
    "dossiers:history": row(team=302, reader=403, consultant=302),
    "dossiers:reuse": row(team=302, reader=403, consultant=302),
    "dossiers:confirm": row(team=302, reader=403, consultant=302),
    "dossiers:next-edition-accept": row(team=302, reader=403, consultant=403),
    "dossiers:not-applicable": row(team=302, reader=403, consultant=302),
    "dossiers:not-applicable-undo": row(team=302, reader=403, consultant=302),
    "dossiers:attach": row(team=200, reader=403, consultant=200),
    "dossiers:choose": row(team=302, reader=403, consultant=302),
    "dossiers:detach": row(team=302, reader=403, consultant=302),
    "dossiers:reply": row(team=302, reader=403, consultant=302),
    "dossiers:give-up-draft": row(team=302, reader=403, consultant=302),
    "dossiers:thread": row(team=302, reader=403, consultant=302),
    "dossiers:attribute": row(team=302, reader=403, consultant=302),
    "dossiers:attribute-theme": row(team=302, reader=403, consultant=302),
    # Its author is the contributor.
    "dossiers:comment-edit": row(team=403, contributor=302, consultant=403),
    "dossiers:comment-delete": row(team=403, contributor=302, consultant=403),
    "dossiers:comment-settle": row(team=302, reader=403, consultant=302),
    # Writes in the cache alone.
    "dossiers:presence": row(team=200, consultant=200),
    "dossiers:submit": row(mandataire=302, representative=302, contributor=403, reader=403, consultant=403),
    "dossiers:workbook": row(team=302, reader=403, consultant=302),
    "dossiers:import": row(reader=403, contributor=302),
    "questionnaires:import": row(editor=302, administrator=302),
    # What it holds is published already, and says the same.
    "questionnaires:import-confirm": row(editor=302),
    "dossiers:pack": row(team=302, reader=403, consultant=403),
    "reviews:pack": row(reviewer=302, review_lead=302),
    # The reviewer is in charge, the lead is not.
    "reviews:take": row(reviewer=302, review_lead=302),
    "reviews:assign": row(reviewer=403, review_lead=302),
    "reviews:recuse": row(reviewer=302, review_lead=302),
    "reviews:item": row(reviewer=302, review_lead=403),
    "reviews:send": row(reviewer=302, review_lead=403),
    "reviews:agenda": row(reviewer=302, review_lead=403),
    "reviews:settle": row(reviewer=302, review_lead=302),
    "reviews:second-reading": row(reviewer=302, review_lead=302),
    # Nobody here was asked for a second reading: tests/reviews/test_second_reader.py.
    "reviews:opinion": row(reviewer=403, review_lead=403),
    "reviews:note": row(reviewer=302, review_lead=302),
    "reviews:item-note": row(reviewer=302, review_lead=302),
    # Its author is the reviewer.
    "reviews:note-withdraw": row(reviewer=302, review_lead=403),
    "results:close": row(reviewer=403, review_lead=302),
    "results:progress": row(team=302, consultant=302, reviewer=302, review_lead=302),
    **access_editor.WRITE,
}
# Opening or taking away a file is traced. A GET writes nothing else, but when a dossier was opened, for whoever opened
# it to know what moved since.
TRACED = {
    "accounts:journal-file",
    "dossiers:evidence",
    "dossiers:pack-file",
    "enrolment:proof",
    "evidence:file",
    "evidence:preview",
    "privacy:download",
    "reviews:evidence",
    "reviews:pack-file",
    "reviews:preview",
}


def sweep(world: World, names: Iterable[str], method: str) -> dict[str, dict[str, Seen]]:
    return {name: {role: ask(world, role, name, method) for role in ROLES} for name in names}


def differences(seen: dict[str, dict[str, Seen]], decided: dict[str, Row]) -> dict[tuple[str, str], str]:
    """Where what was seen is not what was decided, by address and role."""
    return {
        (name, role): f"{each.code}, not {decided[name][role]}"
        for name, by_role in seen.items()
        for role, each in by_role.items()
        if each.code != decided[name][role]
    }


def test_every_url_is_decided():
    """Lists and not sets: a second address under a name that is known has not been decided."""
    assert sorted(names_of_the_portal()) == sorted(GET)


@pytest.mark.parametrize("name", ["home", "dossiers:everything", None])
def test_a_new_address_is_noticed_under_whatever_name(monkeypatch, name):
    new = path("tout/", lambda request: HttpResponse("tout"), name=name)
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, new])
    clear_url_caches()
    try:
        assert sorted(names_of_the_portal()) != sorted(GET)
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_who_may_read_what_and_reading_writes_nothing(world):
    seen = sweep(world, GET, "get")

    assert differences(seen, GET) == {}
    writes = {
        (name, sql.split("(")[0]) for name, by_role in seen.items() for each in by_role.values() for sql in each.writes
    }
    traces = {(name, 'INSERT INTO "audit_event" ') for name in TRACED}
    assert writes == traces | {("dossiers:detail", 'INSERT INTO "assessments_visit" ')}


def test_who_may_write_what(world):
    seen = sweep(world, WRITE.keys() - {"dossiers:answer"}, "post") | sweep(world, ["dossiers:answer"], "patch")

    assert differences(seen, WRITE) == {}


def test_what_only_shows_takes_no_writing(world):
    taken = {
        (name, method): code
        for name in GET.keys() - WRITE.keys()
        for method in ("post", "put", "patch", "delete")
        if (code := ask(world, "mandataire", name, method).code) not in {405, GET[name]["mandataire"] // 404 * 404}
    }

    assert taken == {}


def test_a_visitor_is_sent_to_sign_in_and_brought_back(world):
    elsewhere = {
        "account_logout",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "socialaccount_signup",
        "socialaccount_login_error",
    }
    for name in [name for name, codes in GET.items() if codes["anonymous"] == 302 and name not in elsewhere]:
        asked = ask(world, "anonymous", name, "get")
        assert asked.location.startswith(f"{reverse(settings.LOGIN_URL)}?next=/"), name


def test_no_address_hides_another(world):
    found = {name: resolve(address_of(world, name)).view_name for name in GET}

    assert found == {name: name for name in GET}


def test_a_number_of_somebody_else_and_one_that_was_never_given_look_the_same(world):
    client = SignedInClient()
    client.force_login(world.people["stranger"])

    pages = {
        # Tokens against forged requests are new on each page.
        re.sub(r"\b[A-Za-z0-9]{64}\b", "", client.get(f"/dossiers/{number}/").content.decode())
        for number in (world.filling.number, "2026-999999")
    }

    assert len(pages) == 1


def names_of_the_portal() -> list[str]:
    """The name of every address that the resolver knows, the admin's apart."""
    return [name for name in names_in(get_resolver()) if not name.startswith("admin:")]


def names_in(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from names_in(pattern, inner)
        else:
            yield ":".join((*namespaces, pattern.name or f"unnamed {pattern.pattern}"))

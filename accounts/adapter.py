"""What the portal asks of allauth: our fields, our addresses, our sentences, our trail."""

import base64
import logging
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.models import User
from accounts.openid import PROVIDER_ID
from accounts.operations.people import note_creation
from accounts.policies import is_staff_member
from accounts.second_factors import FACTORS
from audit.operations import record

logger = logging.getLogger(__name__)

# What allauth tells people by e-mail is also what the trail keeps of their account.
TRACED = {
    "account/email/email_changed": "account.address_changed",
    "account/email/email_confirm": "account.address_confirmed",
    "account/email/email_deleted": "account.address_removed",
    "account/email/password_changed": "account.password_changed",
    "account/email/password_reset": "account.password_reset",
    "account/email/password_set": "account.password_set",
    "mfa/email/recovery_codes_generated": "account.recovery_codes_made",
    "mfa/email/totp_activated": "account.codes_activated",
    "mfa/email/totp_deactivated": "account.codes_deactivated",
    "mfa/email/webauthn_added": "account.passkey_added",
    "mfa/email/webauthn_removed": "account.passkey_removed",
    "socialaccount/email/account_connected": "account.identity_connected",
    "socialaccount/email/account_disconnected": "account.identity_disconnected",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, ou choisissez un nouveau mot de passe."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel. Saisissez-le à nouveau."),
        "incorrect_password": _("Ce n’est pas votre mot de passe. Saisissez-le à nouveau."),
        "invalid_password_reset": _("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."),
        "duplicate_email": _("Cette adresse est déjà associée à votre compte."),
        "too_many_login_attempts": _(
            "Trop d’essais ont échoué. Attendez cinq minutes, ou choisissez un nouveau mot de passe."
        ),
        "rate_limited": _("Vous avez fait trop de demandes en peu de temps. Attendez quelques minutes."),
        "unverified_primary_email": _("Confirmez d’abord cette adresse : un message vous y attend."),
        "cannot_remove_primary_email": _("C’est votre adresse principale. Choisissez-en d’abord une autre."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> User:
        user.full_name = form.cleaned_data.get("full_name", "")
        person: User = super().save_user(request, user, form, commit)
        if commit:
            note_creation(person)
        return person

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Whoever adds an address comes back to where it can be made the main one."""
        if self.request.user.is_authenticated:
            return reverse("account_email")
        url: str = super().get_email_verification_redirect_url(email_address)
        return url

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new account has no publisher yet: that is what comes next."""
        return reverse("enrolment:start")

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Trace the opening of the session, and by what the person proved who they are."""
        methods = [each.get("type", each["method"]) for each in get_authentication_records(request, user)]
        record("session.opened", user, by=user, methods=methods)
        response: HttpResponse = super().post_login(request, user, **how)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record("session.closed", request.user, by=request.user)
        super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slow those who guess, by what allauth counts (an address alone) and by what it does not (accounts.limits)."""
        super().pre_authenticate(request, **credentials)
        email = credentials.get("email", "").lower()
        owners = User.objects.filter(emailaddress__email=email, emailaddress__verified=True)
        self._attempt = limits.attempt(request, "login_failed", email, known=lambda: limits.opened_from_here(owners))
        if self._attempt is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and self._attempt is not None:
            # Taken back, and the others left: one's own account between two guesses must not wipe them.
            self._attempt.rollback()
        return user

    def set_password(self, user: Any, password: str) -> None:
        """Whoever has just chosen a password waits for nobody's failures with the former one."""
        user.set_password(password)
        user.save(update_fields=["password"])
        for email in EmailAddress.objects.filter(user=user).values_list("email", flat=True):
            limits.forget(context.request, "login_failed", email.lower())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """In the log, without what was typed: an address in the wrong field may be a password."""
        logger.warning("A sign-in was refused.", extra={"request": request, "status_code": 200})

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        if verb := TRACED.get(template_prefix):
            record(verb, user, by=user)
        super().send_notification_mail(template_prefix, user, context, email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """False just after signing in, too: whoever proved who they are a minute ago is not asked again."""
        request = context.request
        records = get_authentication_records(request, request.user)
        proofs = [each["at"] for each in records if _shows_presence(each)]
        if time.time() - max(proofs, default=0) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        if not get_reauthentication_flows(request.user):
            # allauth takes whoever has neither password nor second factor for proved, whatever is answered here.
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The same, in our words; the identity provider; and never none, or nobody would know what to do."""
        words = {
            "account_reauthenticate": gettext("Votre mot de passe"),
            "mfa_reauthenticate": gettext("Un code à usage unique"),
            "mfa_reauthenticate_webauthn": gettext("Une clé d’accès"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for method in methods:
            for name, description in words.items():
                if method["url"].startswith(reverse(name)):
                    method["description"] = description
        if user.is_authenticated and _has_identity(user):
            methods.append(
                {
                    "id": "identity",
                    "description": gettext("Votre compte %(name)s") % {"name": settings.OIDC_NAME},
                    "url": reverse("openid_connect_login", args=[PROVIDER_ID]),
                }
            )
        # Without any, the page of the password: it says how to get one.
        return methods or [{"id": "none", "description": "", "url": reverse("account_reauthenticate")}]


def _shows_presence(proof: dict[str, Any]) -> bool:
    """A provider that knows the browser signs in without asking anything: that alone does not show who sits there."""
    return proof["method"] != "socialaccount" or "reauthenticated" in proof


def _has_identity(user: User) -> bool:
    return bool(settings.OIDC_ISSUER) and SocialAccount.objects.filter(user=user, provider=PROVIDER_ID).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Ce code n’est pas le bon, ou il a déjà servi. Saisissez-en un autre."),
        "cannot_delete_authenticator": gettext_lazy(
            "Votre rôle demande un second facteur : ajoutez-en un autre avant de retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Les codes de secours remplacent un second facteur perdu : choisissez-en d’abord un."
        ),
    }

    def encrypt(self, text: str) -> str:
        """The seeds of codes are read again at each sign-in, so they are encrypted and not hashed."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep one second factor at least. allauth asks this of codes, accounts.forms of passkeys."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).exclude(pk=authenticator.pk)
        return others.exists() or not is_staff_member(authenticator.user)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Ma clé d’accès")

    def _get_site_name(self) -> str:
        return "Convergence"


def _cipher() -> MultiFernet:
    """A key made from SECRET_KEY for this one use; older keys still read what they wrote."""
    return MultiFernet([Fernet(_derived(str(key))) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(secret: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"convergence second factors")
    return base64.urlsafe_b64encode(derivation.derive(secret.encode()))

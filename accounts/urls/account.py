"""Accounts: allauth's own pages, under French addresses and allauth's own names."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from accounts.views import notices
from accounts.views.factors import ActivateCodes, AddPasskey, GiveUpCodes, RemovePasskey
from accounts.views.held_forms import resume
from accounts.views.own import account_home
from accounts.views.passwords import PasswordReset, password_set
from accounts.views.reauthentication import ByCode, ByPasskey, ByPassword
from accounts.views.sessions import current_session, own_sessions

urlpatterns = [
    path("", account_home, name="account_home"),
    path("connexion/", views.login, name="account_login"),
    path("connexion/cle/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/second-facteur/", factors.authenticate, name="mfa_authenticate"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    path("creer/", views.signup, name="account_signup"),
    path("confirmer/", views.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirmer/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", password_set, name="account_set_password"),
    path("mot-de-passe-oublie/", PasswordReset.as_view(), name="account_reset_password"),
    path("mot-de-passe-oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe-oublie/change/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("notifications/", notices.notices, name="account_notices"),
    path("notifications/lues/", notices.read_all, name="account_notices_read"),
    path("notifications/<int:pk>/", notices.open_notice, name="account_notice"),
    path("adresses/", views.email, name="account_email"),
    path("identite/", ByPassword.as_view(), name="account_reauthenticate"),
    path("identite/code/", ByCode.as_view(), name="mfa_reauthenticate"),
    path("identite/cle/", ByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("reprendre/", resume, name="account_resume"),
    path("session/", current_session, name="account_session"),
    path("sessions/", own_sessions, name="usersessions_list"),
    path("second-facteur/", factors.index, name="mfa_index"),
    path("second-facteur/codes/activer/", ActivateCodes.as_view(), name="mfa_activate_totp"),
    path("second-facteur/codes/retirer/", GiveUpCodes.as_view(), name="mfa_deactivate_totp"),
    path("second-facteur/secours/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/secours/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/secours/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-facteur/cles/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("second-facteur/cles/ajouter/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-facteur/cles/<int:pk>/renommer/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]

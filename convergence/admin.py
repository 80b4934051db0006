"""The admin as a whole: its names, its door, and what is left out of it."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from dsfr.models import DsfrConfig

NAMES = {
    "accounts": _("Comptes et éditeurs"),
    "assessments": _("Dossiers"),
    "audit": _("Journal"),
    "evidence": _("Preuves"),
    "jobs": _("Travaux en arrière-plan"),
    "products": _("Produits"),
    "questionnaires": _("Questionnaires"),
    "results": _("Résultats"),
}

admin.site.site_header = _("Administration de Convergence")
admin.site.site_title = _("Convergence")
admin.site.index_title = _("Ce que vous pouvez administrer")
admin.site.enable_nav_sidebar = False
# People sign in on the portal's own page, with its limits on attempts. This is how allauth asks for it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

for label, name in NAMES.items():
    apps.get_app_config(label).verbose_name = name

# Groups are made by `sync_roles`, addresses belong to the people who confirmed them, and our templates read nothing
# of django-dsfr's own settings. Their admin modules come later in the list of applications: import them first.
for path, model in {
    "django.contrib.auth.admin.GroupAdmin": Group,
    "allauth.account.admin.EmailAddressAdmin": EmailAddress,
    "dsfr.admin.DsfrConfigAdmin": DsfrConfig,
}.items():
    import_string(path)
    admin.site.unregister(model)

"""Addresses of the portal, in French: people read them aloud."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from convergence import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("sante/", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("diagnostic/", include("assessments.urls.diagnostic")),
    path("exigences/", include("questionnaires.urls.library")),
    path("compte/identite-externe/", include("accounts.urls.openid")),
    path("compte/", include("accounts.urls.account")),
    path("", include("enrolment.urls")),
    path("", include("accounts.urls.publishers")),
    path("", include("assessments.urls.consultants")),
    path("produits/", include("products.urls")),
    path("questionnaires/", include("questionnaires.urls.editor")),
    path("questionnaires/", include("assessments.urls.previews")),
    path("questionnaires/", include("assessments.urls.impact")),
    path("", include("privacy.urls")),
    path("", include("results.urls")),
    path("dossiers/", include("assessments.urls.dossiers")),
    path("instruction/", include("assessments.urls.reviews")),
    path("preuves/", include("assessments.urls.library")),
    path("", include("evidence.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]

"""Addresses of the portal, in French: people read them aloud."""

from django.contrib import admin
from django.urls import include, path

from convergence import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("mentions-legales/", views.legal, name="legal"),
    path("sante/", views.health, name="health"),
    path("diagnostic/", include("assessments.urls.diagnostic")),
    path("compte/", include("accounts.urls.account")),
    path("editeurs/", include("accounts.urls.publishers")),
    path("produits/", include("products.urls")),
    path("", include("results.urls")),
    path("dossiers/", include("assessments.urls.dossiers")),
    path("instruction/", include("assessments.urls.reviews")),
    path("", include("evidence.urls")),
    path("administration/", admin.site.urls),
]

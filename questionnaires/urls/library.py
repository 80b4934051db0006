"""Addresses of the public library: one for each requirement of each edition, for life."""

from django.urls import path, register_converter

from questionnaires.views import library


class KeyConverter:
    """A requirement's key: « SEC-IDU-03 ». Slugs have no capitals."""

    regex = "[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KeyConverter, "requirement_key")

app_name = "requirements"
urlpatterns = [
    path("", library.index, name="index"),
    path("recherche/", library.search, name="search"),
    path("profil/", library.profile, name="profile"),
    path("differences/", library.differences, name="differences"),
    path("<str:code>/", library.edition, name="edition"),
    path("<str:code>/<requirement_key:key>/", library.requirement, name="requirement"),
    path("<str:code>/<slug:slug>/", library.questionnaire, name="questionnaire"),
    path("<str:code>/<slug:slug>/<slug:theme>/", library.theme, name="theme"),
]

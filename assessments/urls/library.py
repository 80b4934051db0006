"""Addresses of a publisher's library of proofs."""

from django.urls import path

from assessments.views import library

app_name = "library"
urlpatterns = [
    path("", library.index, name="list"),
    path("deposer/", library.deposit, name="deposit"),
    path("<int:pk>/", library.document, name="document"),
    path("<int:pk>/versions/", library.add, name="add-version"),
    path("<int:pk>/partout/", library.replace, name="replace"),
]

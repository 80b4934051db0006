"""Addresses of a publisher's files."""

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("preuves/", views.document_list, name="list"),
    path("preuves/<int:pk>/fichier/", views.file, name="file"),
]

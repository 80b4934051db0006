"""Closing a review, its result, its report."""

from django.urls import path

from results import views

app_name = "results"
urlpatterns = [
    path("instruction/<str:number>/clore/", views.close, name="close"),
    path("dossiers/<str:number>/resultat/", views.detail, name="detail"),
    path("dossiers/<str:number>/rapport.pdf", views.report, name="report"),
    path("dossiers/<str:number>/rapport/avancement/", views.progress, name="progress"),
]

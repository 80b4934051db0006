"""Addresses of the reviewers' desk."""

from django.urls import path

from assessments.views import reviews

app_name = "reviews"
urlpatterns = [
    path("", reviews.queue, name="queue"),
    path("<str:number>/", reviews.detail, name="detail"),
    path("<str:number>/envoyer/", reviews.send, name="send"),
    path("<str:number>/<str:key>/", reviews.item, name="item"),
    path("<str:number>/<str:key>/preuves/<int:pk>/", reviews.evidence, name="evidence"),
]

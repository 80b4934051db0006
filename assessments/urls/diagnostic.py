"""The eligibility diagnostic, open to everybody."""

from django.urls import path

from assessments.views import diagnostic

app_name = "diagnostic"
urlpatterns = [
    path("", diagnostic.start, name="start"),
    path("<uuid:token>/", diagnostic.outcome, name="outcome"),
    path("<uuid:token>/compte/", diagnostic.keep, name="keep"),
]

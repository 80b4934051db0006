"""Address of what a draft edition would do: among the editor's, and read from the dossiers."""

from django.urls import path

from assessments.views import impact

app_name = "impact"
urlpatterns = [path("editions/<str:edition>/effet/", impact.effect, name="study")]

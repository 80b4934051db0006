"""What a publisher opens to its consultants."""

from django.urls import path

from assessments.views import consultants

app_name = "consultants"
urlpatterns = [path("editeurs/<str:siren>/consultants/<int:pk>/", consultants.consultant, name="dossiers")]

"""Address of the preview of questionnaires: it draws questions as dossiers do."""

from django.urls import path

from assessments.views import previewing

app_name = "previews"
urlpatterns = [path("versions/<str:code>/<str:number>/apercu/", previewing.preview, name="start")]

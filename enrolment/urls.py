"""Account requests."""

from django.urls import path

from enrolment import views

app_name = "enrolment"
urlpatterns = [
    path("inscription/", views.start, name="start"),
    path("inscription/<int:pk>/", views.detail, name="detail"),
    path("inscriptions/", views.queue, name="queue"),
    path("inscriptions/<int:pk>/", views.examine, name="examine"),
    path("inscriptions/<int:pk>/justificatif/", views.proof, name="proof"),
]

"""Personal data: the notice for everybody, and one's own."""

from django.urls import path

from privacy import views

app_name = "privacy"
urlpatterns = [
    path("donnees-personnelles/", views.notice, name="notice"),
    path("compte/mes-donnees/", views.mine, name="mine"),
    path("compte/mes-donnees/avancement/", views.progress, name="progress"),
    path("compte/mes-donnees/<int:pk>/", views.download, name="download"),
    path("compte/fermer/", views.close, name="close"),
]

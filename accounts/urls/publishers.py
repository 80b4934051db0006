"""Publishers and their teams."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("nouveau/", views.publisher_create, name="publisher-create"),
    path("<str:siren>/equipe/", views.team, name="team"),
    path("<str:siren>/equipe/<int:pk>/", views.member, name="member"),
    path("<str:siren>/equipe/<int:pk>/retirer/", views.member_remove, name="member-remove"),
]

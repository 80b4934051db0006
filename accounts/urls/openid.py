"""The identity provider: allauth's names, French addresses."""

from allauth.socialaccount import views as social
from django.urls import path

from accounts import openid_views

urlpatterns = [
    path("", social.connections, name="socialaccount_connections"),
    path("creer/", social.signup, name="socialaccount_signup"),
    path("renonce/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("erreur/", social.login_error, name="socialaccount_login_error"),
    path("<str:provider_id>/", openid_views.login, name="openid_connect_login"),
    path("<str:provider_id>/retour/", openid_views.callback, name="openid_connect_callback"),
]

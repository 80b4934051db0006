"""Publishers, their teams, the invitations to them, their journal."""

from django.urls import path

from accounts.views import invitations, journal, teams

app_name = "accounts"
urlpatterns = [
    path("editeurs/<str:siren>/equipe/", teams.team, name="team"),
    path("editeurs/<str:siren>/equipe/<int:pk>/", teams.member, name="member"),
    path("editeurs/<str:siren>/equipe/<int:pk>/retirer/", teams.member_remove, name="member-remove"),
    path("editeurs/<str:siren>/invitations/<int:pk>/renvoyer/", teams.invitation_resend, name="invitation-resend"),
    path("editeurs/<str:siren>/invitations/<int:pk>/annuler/", teams.invitation_revoke, name="invitation-revoke"),
    path("editeurs/<str:siren>/journal/", journal.journal, name="journal"),
    path("editeurs/<str:siren>/journal.csv", journal.journal_file, name="journal-file"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]

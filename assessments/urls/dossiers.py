"""Addresses of a team's dossiers."""

from django.urls import path

from assessments.views import changes, dossiers, filling, history, instruction, packs, question_files, submitting

app_name = "dossiers"
urlpatterns = [
    path("", dossiers.index, name="list"),
    path("nouveau/", dossiers.create, name="create"),
    path("<str:number>/", dossiers.detail, name="detail"),
    path("<str:number>/orientation/", filling.orientation, name="orientation"),
    path("<str:number>/changements/", changes.changes, name="changes"),
    path("<str:number>/score/", submitting.score, name="score"),
    path("<str:number>/instruction/", instruction.instruction, name="instruction"),
    path("<str:number>/instruction/<str:key>/repondre/", instruction.write_reply, name="reply"),
    path("<str:number>/archive/", packs.own_pack, name="pack"),
    path("<str:number>/archive/preuves.zip", packs.own_pack_file, name="pack-file"),
    path("<str:number>/soumettre/", submitting.submission, name="submit"),
    path("<str:number>/reponses/<str:key>/", filling.answer, name="answer"),
    path("<str:number>/reponses/<str:key>/historique/", history.history, name="history"),
    path("<str:number>/preuves/<str:key>/", question_files.files, name="attach"),
    path("<str:number>/preuves/<str:key>/choisir/", question_files.choose, name="choose"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/", question_files.file, name="evidence"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/retirer/", question_files.remove_file, name="detach"),
    path("<str:number>/<slug:section_slug>/<slug:theme_slug>/", filling.theme, name="theme"),
]

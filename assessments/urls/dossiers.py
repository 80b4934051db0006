"""Addresses of a team's dossiers."""

from django.urls import path

from assessments.views import (
    dossiers,
    filling,
    instruction,
    not_applicable,
    packs,
    question_files,
    reuse,
    searching,
    submitting,
)

app_name = "dossiers"
urlpatterns = [
    path("", dossiers.index, name="list"),
    path("nouveau/", dossiers.create, name="create"),
    path("<str:number>/", dossiers.detail, name="detail"),
    path("<str:number>/orientation/", filling.orientation, name="orientation"),
    path("<str:number>/recherche/", searching.questions, name="search"),
    path("<str:number>/reprendre/", reuse.proposals, name="reuse"),
    path("<str:number>/score/", submitting.score, name="score"),
    path("<str:number>/instruction/", instruction.instruction, name="instruction"),
    path("<str:number>/instruction/<str:key>/repondre/", instruction.write_reply, name="reply"),
    path("<str:number>/archive/", packs.own_pack, name="pack"),
    path("<str:number>/archive/preuves.zip", packs.own_pack_file, name="pack-file"),
    path("<str:number>/soumettre/", submitting.submission, name="submit"),
    path("<str:number>/reponses/<str:key>/", filling.answer, name="answer"),
    path("<str:number>/reponses/<str:key>/confirmer/", reuse.confirm, name="confirm"),
    path("<str:number>/preuves/<str:key>/", question_files.files, name="attach"),
    path("<str:number>/preuves/<str:key>/choisir/", question_files.choose, name="choose"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/", question_files.file, name="evidence"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/retirer/", question_files.remove_file, name="detach"),
    path("<str:number>/<slug:section_slug>/<slug:theme_slug>/", filling.theme, name="theme"),
    path(
        "<str:number>/<slug:section_slug>/<slug:theme_slug>/non-applicable/",
        not_applicable.theme,
        name="not-applicable",
    ),
    path(
        "<str:number>/<slug:section_slug>/<slug:theme_slug>/non-applicable/annuler/",
        not_applicable.undo,
        name="not-applicable-undo",
    ),
]

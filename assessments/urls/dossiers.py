"""Addresses of a team's dossiers."""

from django.urls import path

from assessments.views import (
    dossiers,
    drafts,
    filling,
    instruction,
    left_to_do,
    offline,
    packs,
    question_files,
    submitting,
    teamwork,
    threads,
)

app_name = "dossiers"
urlpatterns = [
    path("", dossiers.index, name="list"),
    path("nouveau/", dossiers.create, name="create"),
    path("<str:number>/", dossiers.detail, name="detail"),
    path("<str:number>/orientation/", filling.orientation, name="orientation"),
    path("<str:number>/score/", submitting.score, name="score"),
    path("<str:number>/chemin/", left_to_do.path, name="path"),
    path("<str:number>/et-si/", left_to_do.simulation, name="what-if"),
    path("<str:number>/instruction/", instruction.instruction, name="instruction"),
    path("<str:number>/instruction/<str:key>/repondre/", instruction.write_reply, name="reply"),
    path("<str:number>/archive/", packs.own_pack, name="pack"),
    path("<str:number>/archive/preuves.zip", packs.own_pack_file, name="pack-file"),
    path("<str:number>/soumettre/", submitting.submission, name="submit"),
    path("<str:number>/classeur/", offline.workbook, name="workbook"),
    path("<str:number>/classeur/<int:import_id>/", offline.import_answers, name="import"),
    path("<str:number>/classeur.xlsx", offline.workbook_file, name="workbook-file"),
    path("<str:number>/reponses.json", offline.answers_file, name="answers-file"),
    path("<str:number>/reponses/<str:key>/", filling.answer, name="answer"),
    path("<str:number>/reponses/<str:key>/brouillon/abandonner/", drafts.give_up, name="give-up-draft"),
    path("<str:number>/preuves/<str:key>/", question_files.files, name="attach"),
    path("<str:number>/preuves/<str:key>/choisir/", question_files.choose, name="choose"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/", question_files.file, name="evidence"),
    path("<str:number>/preuves/<str:key>/<int:attachment_id>/retirer/", question_files.remove_file, name="detach"),
    path("<str:number>/questions/", teamwork.questions, name="questions"),
    path("<str:number>/questions/<str:key>/equipe/", threads.thread, name="thread"),
    path("<str:number>/questions/<str:key>/attribuer/", threads.attribute_question, name="attribute"),
    path("<str:number>/questions/<str:key>/equipe/<int:pk>/modifier/", threads.edit, name="comment-edit"),
    path("<str:number>/questions/<str:key>/equipe/<int:pk>/supprimer/", threads.delete, name="comment-delete"),
    path("<str:number>/questions/<str:key>/equipe/<int:pk>/regler/", threads.settle, name="comment-settle"),
    path("<str:number>/activite/", teamwork.activity, name="activity"),
    path(
        "<str:number>/<slug:section_slug>/<slug:theme_slug>/attribuer/",
        teamwork.attribute_theme,
        name="attribute-theme",
    ),
    path("<str:number>/<slug:section_slug>/<slug:theme_slug>/presence/", teamwork.presence, name="presence"),
    path("<str:number>/<slug:section_slug>/<slug:theme_slug>/", filling.theme, name="theme"),
]

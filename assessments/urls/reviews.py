"""Addresses of the reviewers' desk."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from assessments.views import agenda, charge, notes, packs, reviews, second_readings


class QuestionKey(StringConverter):
    """Capitals, digits and hyphens, so that no word of an address is taken for a key."""

    regex = "[A-Z][A-Z0-9-]+"


register_converter(QuestionKey, "question_key")

app_name = "reviews"
urlpatterns = [
    path("", reviews.queue, name="queue"),
    path("commission/", agenda.commission, name="commission"),
    path("<str:number>/", reviews.detail, name="detail"),
    path("<str:number>/prendre/", charge.take, name="take"),
    path("<str:number>/confier/", charge.assign, name="assign"),
    path("<str:number>/second-regard/", second_readings.ask, name="second-reading"),
    path("<str:number>/deport/", charge.recuse, name="recuse"),
    path("<str:number>/archive/", packs.reviewers_pack, name="pack"),
    path("<str:number>/archive/preuves.zip", packs.reviewers_pack_file, name="pack-file"),
    path("<str:number>/envoyer/", reviews.send, name="send"),
    path("<str:number>/notes/", notes.write, name="note"),
    path("<str:number>/notes/<int:pk>/retirer/", notes.withdraw, name="note-withdraw"),
    path("<str:number>/<question_key:key>/", reviews.item, name="item"),
    path("<str:number>/<question_key:key>/commission/", agenda.put, name="agenda"),
    path("<str:number>/<question_key:key>/commission/<int:pk>/", agenda.settle, name="settle"),
    path("<str:number>/<question_key:key>/notes/", notes.write_on_item, name="item-note"),
    path("<str:number>/<question_key:key>/second-regard/", second_readings.give, name="opinion"),
    path("<str:number>/<question_key:key>/preuves/<int:pk>/", reviews.evidence, name="evidence"),
    path("<str:number>/<question_key:key>/preuves/<int:pk>/apercu/<int:page>/", reviews.preview, name="preview"),
]

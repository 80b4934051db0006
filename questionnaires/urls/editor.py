"""Addresses of the editor."""

from django.urls import path

from questionnaires.urls import exchange
from questionnaires.views import editions, flags, history, maps, questions, remarks, themes, tree

VERSION = "versions/<str:code>/<str:number>/"
QUESTION = f"{VERSION}questions/<str:key>/"
THEME = f"{VERSION}themes/<str:theme>/"

app_name = "questionnaires"
urlpatterns = [
    *exchange.urlpatterns,
    path("", editions.index, name="index"),
    path("editions/nouvelle/", editions.begin, name="begin"),
    path("editions/<str:edition>/", editions.edition, name="edition"),
    path("editions/<str:edition>/renommer/", editions.rename, name="rename"),
    path("editions/<str:edition>/ajouter/", editions.enter, name="enter"),
    path("editions/<str:edition>/proposer/", editions.propose, name="propose"),
    path("editions/<str:edition>/publier/", editions.publish, name="publish"),
    path("editions/<str:edition>/retirer/", editions.retire, name="retire"),
    path("editions/<str:edition>/drapeaux/", flags.index, name="flags"),
    path("editions/<str:edition>/drapeaux/nouveau/", flags.new, name="new-flag"),
    path("editions/<str:edition>/drapeaux/<slug:name>/", flags.edit, name="flag"),
    path("editions/<str:edition>/drapeaux/<slug:name>/retirer/", flags.remove, name="remove-flag"),
    path("editions/<str:edition>/drapeaux/<slug:name>/condition/", flags.check, name="check-flag"),
    path(VERSION, tree.version, name="version"),
    path(f"{VERSION}journal/", history.journal, name="journal"),
    path(f"{VERSION}differences/", history.differences, name="differences"),
    path(f"{VERSION}reprise/", maps.index, name="map"),
    path(f"{VERSION}reprise/mise-a-jour/", maps.refresh, name="map-refresh"),
    path(f"{VERSION}reprise/delai/", maps.grace, name="map-grace"),
    path(f"{VERSION}reprise/<str:key>/", maps.move, name="map-move"),
    path(f"{VERSION}remarques/", remarks.write, name="remark-version"),
    path(f"{VERSION}remarques/<int:pk>/regler/", remarks.settle, name="settle-remark"),
    path(f"{VERSION}reprendre/", tree.bring_question_back, name="bring-back"),
    path(f"{VERSION}themes/nouveau/", themes.new, name="new-theme"),
    path(THEME, themes.edit, name="theme"),
    path(f"{THEME}deplacer/", tree.shift_theme, name="shift-theme"),
    path(f"{THEME}retirer/", themes.remove, name="remove-theme"),
    path(f"{THEME}questions/nouvelle/", tree.new_question, name="new-question"),
    path(QUESTION, questions.question, name="question"),
    path(f"{QUESTION}historique/", history.saves, name="saves"),
    path(f"{QUESTION}historique/<int:revision>/", history.restore, name="restore"),
    path(f"{QUESTION}brouillon/", questions.keep_draft, name="keep-draft"),
    path(f"{QUESTION}abandonner/", questions.give_up_draft, name="give-up-draft"),
    path(f"{QUESTION}condition/", questions.check_condition, name="check-condition"),
    path(f"{QUESTION}essai/", questions.attempt, name="try"),
    path(f"{QUESTION}place/", tree.move, name="move"),
    path(f"{QUESTION}deplacer/", tree.shift, name="shift"),
    path(f"{QUESTION}retirer/", tree.take_out_question, name="take-out"),
    path(f"{QUESTION}remarques/", remarks.write, name="remark"),
]

"""What the pages of a dossier read of `assessments.teamwork`, question by question."""

from django import template

from assessments.teamwork import Teamwork, Thread

register = template.Library()


@register.filter
def question_words(teamwork: Teamwork, key: str) -> str:
    return teamwork.question_words(key)


@register.filter
def theme_words(teamwork: Teamwork, code: str) -> str:
    return teamwork.theme_words(code)


@register.filter
def thread_of(teamwork: Teamwork, key: str) -> Thread:
    return teamwork.thread(key)

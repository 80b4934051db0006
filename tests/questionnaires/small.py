"""An edition and a diagnostic of a few questions, with a row of every kind, for tests of the database side."""

from dataclasses import replace
from decimal import Decimal

from questionnaires.engine import Edition, Flag, Kind, Outcome, Part, Questionnaire, Scoring, Theme
from tests.questionnaires.builders import choices, question, threshold


def small_edition(*, version: str = "1", code: str = "E1") -> Edition:
    """An orientation and an evaluation in two parts, of every type of question."""
    return Edition(
        code=code,
        title="Édition d’essai",
        disclaimer="Questions d’essai.",
        questionnaires=(_orientation(version), _evaluation(version)),
        flags=(
            Flag(name="mobile", meaning="Le service a une application", condition="answer(ORI-01) == 'oui'"),
            Flag(name="exchange", meaning="Il échange des données", condition="programme == 'with_exchange'"),
        ),
    )


def _orientation(version: str) -> Questionnaire:
    theme = Theme(
        code="ORI-T", slug="profil", title="Profil", questions=(question("ORI-01", scored=False, wording="Mobile ?"),)
    )
    return Questionnaire(
        code="ORI", slug="orientation", kind=Kind.ORIENTATION, version=version, title="Orientation", themes=(theme,)
    )


def _evaluation(version: str) -> Questionnaire:
    first = Theme(
        code="EVA-A",
        slug="premier",
        title="Premier",
        description="De tout.",
        part="PA",
        questions=(
            question("EVA-A-01", wording="Oui ?", evidence="Une attestation.", weight=Decimal("1.5")),
            question(
                "EVA-A-02",
                "multiple_choice",
                choices=choices(("a", "0.5"), ("b", "0.5", "required"), ("aucun", "0", "forbidden")),
                scoring=Scoring.MAX,
                pass_score=Decimal("0.5"),
                applies_when="mobile",
            ),
            question(
                "EVA-A-03",
                "number",
                unit="jours",
                minimum=Decimal(0),
                maximum=Decimal("99.5"),
                thresholds=(
                    threshold("lte", "1", "2.5"),
                    threshold("between", "0.333", "3", "9"),
                    threshold("otherwise", "0"),
                ),
                pass_score=Decimal("0.333"),
            ),
        ),
    )
    second = Theme(
        code="EVA-B",
        slug="second",
        title="Second",
        part="PB",
        questions=(
            question("EVA-B-01", "date", not_after_today=True, max_age_months=12, score_old=Decimal("0.25")),
            question("EVA-B-02", "text", min_length=10, max_length=500, allows_not_applicable=False),
            question("EVA-B-03", "file", evidence="Un plan.", formats=("pdf", "odt"), min_files=1, max_files=3),
        ),
    )
    return Questionnaire(
        code="EVA",
        slug="essai",
        version=version,
        title="Essai",
        description="Pour essayer.",
        parts=(Part(code="PA", slug="a", title="Partie A"), Part(code="PB", slug="b", title="Partie B")),
        themes=(first, second),
    )


def small_diagnostic(*, version: str = "1") -> Questionnaire:
    theme = Theme(code="DIA-T", slug="service", title="Service", questions=(question("DIA-01", scored=False),))
    outcomes = (
        Outcome(
            outcome="eligible",
            when="answer(DIA-01) == 'oui'",
            title="Éligible",
            reason="C’est un service.",
            next_steps=("Ouvrir un compte", "Décrire le produit"),
        ),
        Outcome(
            outcome="not_eligible",
            when="always",
            title="Non éligible",
            reason="Ce n’en est pas un.",
            next_steps=("Revenir plus tard",),
        ),
    )
    return Questionnaire(
        code="DIA",
        slug="diagnostic",
        kind=Kind.DIAGNOSTIC,
        version=version,
        title="Diagnostic",
        themes=(theme,),
        outcomes=outcomes,
    )


def with_other_wording(edition: Edition, wording: str) -> Edition:
    """The same edition and versions, the first question asked otherwise."""
    head, *others = edition.questionnaires
    theme = head.themes[0]
    first, *rest = theme.questions
    theme = replace(theme, questions=(replace(first, wording=wording), *rest))
    return replace(edition, questionnaires=(replace(head, themes=(theme, *head.themes[1:])), *others))

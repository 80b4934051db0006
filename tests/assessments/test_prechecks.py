"""What should be looked at in the files of a dossier, question by question, and the same file given everywhere."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.filing import Filing
from assessments.models import Attachment
from assessments.operations.answers import attach
from assessments.prechecks import is_signature_expected, prechecks
from evidence.models import Content
from questionnaires.queries import published
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import open_for
from tests.factories import ProductFactory

KEY = "SEC-EXP-04"


def looked_at(dossier):
    return prechecks(Filing(dossier))


@pytest.fixture
def read_file(new_file):
    """read_file(text="…"): a clean file in which this was read."""

    def make(expires_on: date | None = None, **read: object):
        version = new_file(clean=True, document__expires_on=expires_on)
        Content.objects.create(version=version, **read)
        return version

    return make


def test_the_questions_that_expect_a_signed_document_are_those_that_say_so(edition):
    found = {
        key for key, question in published(edition).definition.questions.items() if is_signature_expected(question)
    }

    assert found == {
        "DOC-ELI-07",  # la déclaration UE de conformité, signée
        "RGPD-GOV-02",  # l’accord […] signé
        "ETH-ECQ-08",  # les déclarations signées
        "ETH-EUS-07",  # la revue […] signée
        "ETH-EIA-04",  # la signature de son responsable
        "SEC-IDU-09",  # la décision d’homologation signée
        "SEC-IDP-05",  # le signataire
        "SEC-DEV-08",  # la synthèse signée
    }


def test_what_was_read_is_told_by_question_with_its_place(dossier, contributor, read_file):
    version = read_file(text="Autre chose", blank_pages=2, expires_on=timezone.localdate() - timedelta(days=1))
    attach(dossier=dossier, key=KEY, version=version, by=contributor)

    [file] = looked_at(dossier).files

    assert (file.key, file.version) == (KEY, version)
    assert file.url.endswith(f"/securite/exploitation/#{KEY}")
    assert [each.code for each in file.cautions] == ["expired", "names_missing", "blank_pages"]


def test_a_file_that_names_the_product_or_its_publisher_is_as_it_should_be(dossier, contributor, read_file):
    attach(dossier=dossier, key=KEY, version=read_file(text="Politique de monsuivi coeur"), by=contributor)

    assert looked_at(dossier).files == ()


def test_nothing_is_said_of_a_file_that_was_taken_away_or_refused(dossier, contributor, new_file):
    attach(dossier=dossier, key=KEY, version=new_file(refused=True), by=contributor)
    Attachment.objects.filter(document_version__state="refused").update(
        removed_at=timezone.now(), removed_by=contributor
    )

    assert looked_at(dossier).files == ()


def test_one_file_for_nearly_everything_is_pointed_out(product, contributor, new_file):
    dossier = filled_dossier(product=product, by=contributor)
    assert looked_at(dossier).same_file == ""
    only = new_file(clean=True, original_name="tout.pdf")

    Attachment.objects.filter(answer__assessment__dossier=dossier).update(document_version=only)

    assert "« tout.pdf » est joint à" in looked_at(dossier).same_file.replace("\N{NO-BREAK SPACE}", " ")


def test_it_costs_two_queries_at_most_whatever_the_files(dossier, product, contributor, django_assert_max_num_queries):
    empty = open_for(ProductFactory.create(publisher=product.publisher), by=contributor)
    for each in (dossier, empty):
        filing = Filing(each)
        assert filing.next_evaluation.questions
        each.product.publisher  # noqa: B018 — loaded by the views
        with django_assert_max_num_queries(2):
            prechecks(filing)

"""Names and lines that leave in mails to people who do not know their author: no link, no line break."""

import pytest
from django.core.exceptions import ValidationError

from accounts.names import acceptable_name, validate_line, validate_name, validate_no_link
from enrolment.forms import DeclarationForm
from tests.enrolment.asked import DECLARED

NAMES = [
    "Marie Dupont", "Jean-Pierre d’Ormesson", "M.Dupont", "J.-P. Belmondo", "J.R.R. Tolkien", "Nguyễn Thị Ánh",
    "Žofie Nováková", "محمد علي", "O’Neil, Sinéad", "Dr Martin Luther King Jr.", "李小龙",
]  # fmt: skip
LINKS = [
    "URGENT https://evil.example", "voir http://1.2.3.4/x", "www.evil", "Marie evil.example", "evil-1.COM",
    "Marie <marie@evil.example>", "tapez bit.ly/abc",
]  # fmt: skip
BROKEN = [
    "Marie\nDupont", "Marie\r\nBcc: x", "Marie\tDupont", "Marie\x00", "Marie\x1b[31m", "Marie\u2028Dupont",
    "Marie\x85D", "\u202eeiraM", "Marie\u2066D",
]  # fmt: skip
LINES = [name for name in DECLARED if name not in {"siren", "postal_code"}]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_as_it_is(name):
    validate_name(name)
    assert acceptable_name(name) == name


@pytest.mark.parametrize("name", [*LINKS, *BROKEN])
def test_what_is_no_name_is_refused_with_a_sentence(name):
    with pytest.raises(ValidationError, match=r"^\['(Retirez|Écrivez le nom seul).*\.'\]$"):
        validate_name(name)
    assert acceptable_name(name) == ""


@pytest.mark.parametrize("name", ["Cegedim.cloud", "Booking.com France", "S.A.S. Le Cœur", "2 bis, rue de la Paix"])
def test_a_company_may_be_called_like_a_site(name):
    validate_line(name)
    validate_no_link(name)


@pytest.mark.parametrize("field", LINES)
@pytest.mark.parametrize("typed", ["Un\nnom", "Un\x00nom", "URGENT https://evil.example", "\u202enom"])
def test_every_line_of_the_declaration_refuses_them(field, typed):
    form = DeclarationForm(DECLARED | {field: typed})

    assert list(form.errors) == [field]


@pytest.mark.parametrize("field", LINES)
def test_spaces_and_line_breaks_around_are_only_taken_away(field):
    form = DeclarationForm(DECLARED | {field: f"\n {DECLARED[field]} \r\n"})

    assert form.is_valid()
    assert form.cleaned_data[field] == DECLARED[field]

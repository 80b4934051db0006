"""Forms: labels, marks, errors that lead to their field, what was typed kept."""

import re

import pytest
from django import forms
from django.template import Context, Template

from ui.forms import PortalForm, PortalModelForm, choice_with_hint

PAGE = Template("{% load crispy_forms_tags %}{% crispy form %}")


class ProductForm(PortalForm):
    name = forms.CharField(label="Nom", help_text="Celui que voient les usagers.")
    website = forms.URLField(label="Site", required=False, assume_scheme="https")
    device_class = forms.ChoiceField(label="Classe", choices=[("1", "I")])
    platforms = forms.MultipleChoiceField(
        label="Plateformes", widget=forms.CheckboxSelectMultiple, choices=[("web", "Site"), ("ios", "iOS")]
    )
    route = forms.ChoiceField(
        label="Démarche",
        widget=forms.RadioSelect,
        choices=[("a", choice_with_hint("Sans échange", "Ni lu <ni> écrit"))],
    )
    certified = forms.BooleanField(label="Je certifie", required=False)
    proof = forms.FileField(label="Preuve")
    secret = forms.CharField(label="Mot de passe", widget=forms.PasswordInput(attrs={"class": "long"}))
    origin = forms.CharField(widget=forms.HiddenInput, required=False)


def rendered(form):
    return PAGE.render(Context({"form": form}))


def control(html, name):
    (tag,) = re.findall(rf'<(?:input|select|textarea)[^>]*name="{name}"[^>]*>', html)
    return tag


def test_the_page_keeps_its_own_form_tag_and_token():
    html = rendered(ProductForm())

    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("name", "fr-input"),
        ("device_class", "fr-select"),
        ("proof", "fr-upload"),
        ("secret", "fr-password__input fr-input long"),
    ],
)
def test_each_control_wears_its_dsfr_class(name, classes):
    assert f'class="{classes}"' in control(rendered(ProductForm()), name)


def test_only_optional_fields_are_marked():
    html = rendered(ProductForm())

    assert html.count("(facultatif)") == 1
    assert re.search(r"Site <span[^>]*>\(facultatif\)", html)


def test_help_is_tied_to_its_control():
    html = rendered(ProductForm())

    assert 'aria-describedby="id_name_helptext"' in control(html, "name")
    assert 'id="id_name_helptext"' in html


def test_errors_stand_under_their_field_and_are_tied_to_it():
    html = rendered(ProductForm({"website": "https://a.example"}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in control(html, "name")
    assert 'aria-invalid="true"' in control(html, "name")
    assert re.search(r'id="id_name_error">\s*<p class="fr-message fr-message--error">', html)
    assert 'value="https://a.example"' in control(html, "website")


def test_the_summary_leads_to_every_field_in_error():
    html = rendered(ProductForm({}))

    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert targets == [
        "id_name", "id_device_class", "id_platforms_0", "id_route_0", "id_proof", "id_secret",
    ]  # fmt: skip
    assert all(f'id="{target}"' in html for target in targets)
    assert "6 corrections sont nécessaires" in html
    assert 'tabindex="-1" data-error-summary' in html


def test_an_error_of_the_whole_form_is_in_the_summary():
    form = ProductForm({})
    form.add_error(None, "Ce produit existe déjà.")

    assert "<li>Ce produit existe déjà.</li>" in rendered(form)


def test_a_form_without_error_has_no_summary():
    assert "data-error-summary" not in rendered(ProductForm())


def test_choices_are_a_fieldset_with_a_legend():
    html = rendered(ProductForm())

    assert 'aria-labelledby="id_platforms_legend"' in html
    assert 'id="id_platforms_legend"' in html


def test_a_hint_of_a_choice_is_escaped():
    assert 'Sans échange<span class="fr-hint-text">Ni lu &lt;ni&gt; écrit</span>' in rendered(ProductForm())


def test_the_browser_does_not_validate_instead_of_us_but_readers_are_told():
    html = rendered(ProductForm())

    assert " required" not in html
    assert 'aria-required="true"' in control(html, "name")
    assert "aria-required" not in control(html, "website")


def test_hidden_fields_are_sent():
    assert control(rendered(ProductForm()), "origin")


def test_no_identifier_is_used_twice():
    identifiers = re.findall(r'\bid="([^"]+)"', rendered(ProductForm({})))

    assert len(identifiers) == len(set(identifiers))


def test_a_model_form_is_drawn_alike(django_user_model):
    class PersonForm(PortalModelForm):
        class Meta:
            model = django_user_model
            fields = ["full_name"]

    assert 'class="fr-input"' in control(rendered(PersonForm()), "full_name")

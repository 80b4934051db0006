"""A publisher's products: see them, declare one, keep it up to date."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Publisher
from accounts.policies import can_fill, can_open_publisher
from accounts.requests import SignedInRequest
from products import operations, policies
from products.forms import NewProductForm, ProductForm
from products.models import Product

PER_PAGE = 25


@require_GET
def product_list(request: SignedInRequest) -> HttpResponse:
    products = Product.objects.visible_to(request.user).select_related("publisher").prefetch_related("variants")
    page = Paginator(products, PER_PAGE).get_page(request.GET.get("page"))
    # The model's own ordering is total: a product never shows on two pages.
    rows = [(product, policies.can_start_dossier(request.user, product)) for product in page]
    return render(
        request,
        "products/list.html",
        {
            "page": page,
            "rows": rows,
            "can_create": bool(_fillable_publishers(request)),
            "can_open_publisher": can_open_publisher(request.user) and not request.user.membership_roles,
            "several_publishers": len(request.user.membership_roles) > 1,
        },
    )


@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    publishers = _fillable_publishers(request)
    if not publishers:
        if request.user.membership_roles or not can_open_publisher(request.user):
            raise PermissionDenied
        messages.info(request, _("Inscrivez d’abord votre entreprise : un produit appartient à un éditeur."))
        return redirect("enrolment:start")
    form = NewProductForm(request.POST or None, publishers=publishers)
    if form.is_valid():
        product = operations.create_product(by=request.user, **form.cleaned_data)
        messages.success(
            request,
            _("%(product)s est déclaré sous la référence produit %(reference)s. Choisissez maintenant la démarche.")
            % {"product": product, "reference": product.reference},
        )
        return redirect("products:detail", reference=product.reference)
    return render(request, "products/create.html", {"form": form})


@require_GET
def detail(request: SignedInRequest, reference: str) -> HttpResponse:
    product = get_object_or_404(
        Product.objects.visible_to(request.user).select_related("publisher").prefetch_related("variants"),
        reference=reference,
    )
    return render(
        request,
        "products/detail.html",
        {
            "product": product,
            "can_edit": policies.can_edit(request.user, product),
            "can_start_dossier": policies.can_start_dossier(request.user, product),
        },
    )


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, reference: str) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.user), reference=reference)
    if not policies.can_edit(request.user, product):
        raise PermissionDenied
    initial = {field: getattr(product, field) for field in operations.FIELDS} | {
        "platforms": list(product.variants.values_list("platform", flat=True))
    }
    form = ProductForm(request.POST or None, initial=initial)
    if form.is_valid():
        operations.update_product(product, by=request.user, **form.cleaned_data)
        messages.success(request, _("Les modifications sont enregistrées."))
        return redirect("products:detail", reference=product.reference)
    return render(request, "products/edit.html", {"product": product, "form": form})


def _fillable_publishers(request: SignedInRequest) -> list[Publisher]:
    return [
        publisher for publisher in Publisher.objects.visible_to(request.user) if can_fill(request.user, publisher.pk)
    ]

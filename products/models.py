"""What is assessed: a product and the forms under which it is distributed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, User
from audit.protection import Immutable
from products.references import FORMAT


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User) -> "ProductQuerySet":
        """The only road from a request to a product."""
        return self.filter(publisher__in=Publisher.objects.visible_to(user))


class Product(models.Model):
    """A digital-health service, under the commercial name that citizens see."""

    class DeviceClass(models.TextChoices):
        NONE = "", _("Ce n’est pas un dispositif médical")
        I = "I", _("Classe I")  # noqa: E741 — the regulation's own name
        IIA = "IIa", _("Classe IIa")
        IIB = "IIb", _("Classe IIb")
        III = "III", _("Classe III")
        IVD = "div", _("Dispositif de diagnostic in vitro")

    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="products"
    )
    reference = models.CharField(_("référence produit"), max_length=9, unique=True, editable=False)
    name = models.CharField(_("nom commercial"), max_length=120)
    description = models.TextField(_("description"), max_length=2000)
    website = models.URLField(_("site public"), blank=True)
    device_class = models.CharField(
        _("classe de dispositif médical"), max_length=4, choices=DeviceClass, blank=True, default=DeviceClass.NONE
    )
    created_at = models.DateTimeField(_("déclaré le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("déclaré par"), related_name="+"
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("produit")
        verbose_name_plural = _("produits")
        constraints = [
            models.CheckConstraint(name="products_product_reference_format", condition=Q(reference__regex=FORMAT)),
            models.CheckConstraint(
                name="products_product_device_class_known",
                condition=Q(device_class__in=["", "I", "IIa", "IIb", "III", "div"]),
            ),
            # Never reused, even after the product is gone: so the row never goes.
            Immutable(
                name="products_product_reference_for_life",
                when={"UPDATE": "OLD.reference <> NEW.reference", "DELETE": "TRUE"},
                message="a product reference is for life",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """One form under which the product is distributed."""

    class Platform(models.TextChoices):
        IOS = "ios", _("Application iOS")
        ANDROID = "android", _("Application Android")
        WEB = "web", _("Site ou application web")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    platform = models.CharField(_("forme"), max_length=10, choices=Platform)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("déclinaison")
        verbose_name_plural = _("déclinaisons")
        constraints = [
            models.UniqueConstraint(name="products_variant_one_per_platform", fields=["product", "platform"]),
            models.CheckConstraint(
                name="products_variant_platform_known", condition=Q(platform__in=["ios", "android", "web"])
            ),
        ]

    def __str__(self) -> str:
        return self.get_platform_display()

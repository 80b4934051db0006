"""Valid rows by default: a test states only what matters to it."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.models import Group
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password
from factory.helpers import post_generation
from stdnum import luhn

from accounts.models import Membership, Publisher, StaffRole, User
from products import references
from products.models import Product, Variant

# Every person of the tests signs in with it.
PASSWORD = "une phrase de passe pour les tests"
# The seed of the one-time codes of the tests' staff, in base32; encrypted once, as it is stored.
TOTP_SECRET = "CONVERGENCETESTSCONVERGENCETESTS"
ENCRYPTED_SECRET = encrypt(TOTP_SECRET)


def siren(number: int) -> str:
    """Return a valid SIREN made from a number below 10 ** 8."""
    body = f"{number:08d}"
    return body + luhn.calc_check_digit(body)


class UserFactory(DjangoModelFactory[User]):
    """A person whose address is confirmed, with the password `PASSWORD`."""

    email = Sequence(lambda n: f"personne{n}@editeur.example")
    full_name = Sequence(lambda n: f"Camille Personne {n}")
    password = Password(PASSWORD)

    class Meta:
        model = User
        skip_postgeneration_save = True

    @post_generation
    def confirmed(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """UserFactory(confirmed=False): the link of the first e-mail was never followed."""
        if create:
            verified = extracted is not False
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=verified)

    @post_generation
    def staff_role(self: Any, create: bool, extracted: StaffRole | None, **kwargs: Any) -> None:
        """UserFactory(staff_role=StaffRole.REVIEWER) joins the group of that role."""
        if create and extracted is not None:
            self.groups.add(Group.objects.get_or_create(name=extracted)[0])
            Authenticator.objects.create(user=self, type=Authenticator.Type.TOTP, data={"secret": ENCRYPTED_SECRET})


class PublisherFactory(DjangoModelFactory[Publisher]):
    siren = Sequence(lambda n: siren(40_000_000 + n))
    legal_name = Sequence(lambda n: f"Éditions du Soin {n}")
    address = "12 rue de la Paix"
    postal_code = "75002"
    city = "Paris"
    created_by = SubFactory(UserFactory)

    class Meta:
        model = Publisher


class MembershipFactory(DjangoModelFactory[Membership]):
    user = SubFactory(UserFactory)
    publisher = SubFactory(PublisherFactory)
    role = Membership.Role.MANDATAIRE

    class Meta:
        model = Membership


class ProductFactory(DjangoModelFactory[Product]):
    """A product with one web variant; ProductFactory(platforms=[...]) chooses others."""

    publisher = SubFactory(PublisherFactory)
    reference = LazyFunction(references.draw)
    name = Sequence(lambda n: f"MonSuivi Cœur {n}")
    description = "Un carnet de suivi de la tension, tenu par la personne elle-même."
    website = "https://monsuivi.example"
    created_by = SubFactory(UserFactory)

    class Meta:
        model = Product
        skip_postgeneration_save = True

    @post_generation
    def platforms(self: Any, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        if create:
            for platform in [Variant.Platform.WEB] if extracted is None else extracted:
                VariantFactory(product=self, platform=platform)


class VariantFactory(DjangoModelFactory[Variant]):
    product = SubFactory(ProductFactory, platforms=[])
    platform = Variant.Platform.WEB

    class Meta:
        model = Variant

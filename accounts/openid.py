"""Signing in through an identity provider, over allauth's OpenID Connect.

What is added: an ID token is always there, and its signature always checked, with public-key algorithms only; what
« userinfo » tells is told of the same person, and may be a signed JWT, as ProConnect's is.
"""

from collections.abc import Sequence
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

from accounts.requests import HttpRequest

# The only provider of the portal, in its addresses: its name may change, its links may not.
PROVIDER_ID = "principal"
# What the portal remembers, with the state, of whoever left to prove again who they are.
ASKED_OF, ASKED_AT = "asked_of", "asked_at"
# Signed by a key that only the provider holds: neither « none », nor a secret that both sides know.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, stricter."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """The ID token says who came; « userinfo » only tells more of the same person (OpenID Connect Core, 5.3.2)."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("No ID token")
        proved = self._decode_id_token(app, id_token)
        told = self._fetch_user_info(token.token)
        if told.get("sub") != proved["sub"]:
            raise OAuth2Error("The ID token and userinfo speak of two people")
        data = {"userinfo": {**told, "sub": proved["sub"]}, "id_token": proved}
        return self.get_provider().sociallogin_from_response(request, data)

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers=headers)
            response.raise_for_status()
        if response.headers.get("Content-Type", "").startswith("application/jwt"):
            return self._verified(response.text, self.get_provider().app)
        claims: dict[str, Any] = response.json()
        return claims

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims = self._verified(id_token, app, required=["iss", "aud", "sub", "exp", "iat"])
        jwtkit.verify_jti(claims)
        return claims

    def _verified(
        self, token: str, app: SocialApp, *, required: Sequence[str] = ("iss", "aud", "sub")
    ) -> dict[str, Any]:
        """The claims of a token of our provider, made for us, still valid. Raises OAuth2Error."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise OAuth2Error("Token signed by an algorithm that is not allowed")
            claims: dict[str, Any] = jwt.decode(
                token,
                key=self._key(header.get("kid")),
                algorithms=[header["alg"]],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                options={"require": list(required)},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("Invalid token") from error
        return claims

    def _key(self, kid: str | None) -> jwt.PyJWK:
        """The provider's key of this name. Without a name: its only key (OpenID Connect Core, 10.1)."""
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        keys = [key for key in jwt.PyJWKSet.from_dict(response.json()).keys if key.public_key_use in (None, "sig")]
        found = [key for key in keys if kid in (None, key.key_id)]
        if len(found) != 1:
            raise OAuth2Error("Token signed by a key that the provider does not show")
        return found[0]

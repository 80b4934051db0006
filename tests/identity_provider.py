"""A real OpenID Connect provider beside the tests: oidc-provider-mock, which can be told to answer wrongly."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import jwt
import oidc_provider_mock
import werkzeug.serving
from authlib import jose
from pytest_django import Settings

CLIENT = "convergence"
Forge = Callable[[str], str]
Claims = dict[str, Any]


@dataclass
class IdentityProvider:
    """`claims`: what it knows, by subject. `forge` makes another ID token of the right one. `signs_userinfo`: as
    ProConnect, it answers « userinfo » with a JWT. `adds` are claims that it signs in the ID token (None: it
    leaves them out), and `tells_otherwise` what it answers at « userinfo » in place of the truth."""

    url: str
    forge: Forge = lambda token: token
    adds: Claims = field(default_factory=dict)
    tells_otherwise: Claims = field(default_factory=dict)
    signs_userinfo: bool = False
    asked: list[str] = field(default_factory=list)


@contextmanager
def identity_provider(**claims: dict[str, Any]) -> Iterator[IdentityProvider]:
    """Run it in a thread, with these people: `identity_provider(alix={"email": …})`."""
    people = [oidc_provider_mock.User(sub=sub, claims=known) for sub, known in claims.items()]
    app = oidc_provider_mock.app(user_claims=people)
    server = werkzeug.serving.make_server("localhost", 0, app, threaded=True)
    provider = IdentityProvider(url=f"http://localhost:{server.server_port}")

    @app.after_request
    def answer_otherwise(response: flask.Response) -> flask.Response:
        provider.asked.append(flask.request.path)
        if flask.request.path == "/oauth2/token" and response.status_code == 200:
            body = json.loads(response.get_data())
            signed = {**claims_of(body["id_token"]), **provider.adds}
            told = {name: value for name, value in signed.items() if value is not None}
            body["id_token"] = provider.forge(_signed(told))
            response.set_data(json.dumps(body))
        elif "error=" in response.headers.get("Location", ""):
            # The mock forgets what RFC 6749 (4.1.2.1) asks of it.
            response.headers["Location"] += f"&state={flask.request.args['state']}"
        elif flask.request.path == "/userinfo":
            told = {**json.loads(response.get_data()), **provider.tells_otherwise}
            response.set_data(json.dumps(told))
            if provider.signs_userinfo:
                response.set_data(_signed({**told, **_times(), "iss": provider.url, "aud": CLIENT}))
                response.headers["Content-Type"] = "application/jwt"
        return response

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def configure(settings: Settings, provider: IdentityProvider) -> None:
    """What OIDC_ISSUER and its neighbours would have done at the start."""
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider.url, "ProConnect"
    application = {
        "provider_id": "principal",
        "name": "ProConnect",
        "client_id": CLIENT,
        "secret": "a-secret",
        "settings": {"server_url": provider.url},
    }
    configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**configured, "APPS": [application]}}
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": ["'self'", provider.url]}}


def claims_of(token: str) -> Claims:
    claims: Claims = jwt.decode(token, options={"verify_signature": False})
    return claims


def _signed(claims: Claims) -> str:
    """With the key of the provider that answers."""
    key = flask.g.oidc_provider_mock_storage.jwk
    token: bytes = jose.jwt.encode({"alg": "RS256", "kid": key.thumbprint()}, claims, key)
    return token.decode()


def _times() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "exp": now + 60}

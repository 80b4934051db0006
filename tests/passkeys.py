"""A passkey as it is stored, made without a device: for pages that list, rename and remove."""

import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)


def stored_passkey(name: str = "Ma clé") -> dict[str, Any]:
    """What allauth keeps of a passkey: its name, and the registration as the browser sent it."""
    credential_id = secrets.token_bytes(16)
    public_key = ES256.from_cryptography_key(generate_private_key(SECP256R1()).public_key())
    data = AuthenticatorData.create(
        secrets.token_bytes(32),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(Aaguid.NONE, credential_id, public_key),
    )
    client = CollectedClientData.create(type="webauthn.create", challenge=b"challenge", origin="http://testserver")
    return {
        "name": name,
        "credential": {
            "id": websafe_encode(credential_id),
            "rawId": websafe_encode(credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
            },
            "clientExtensionResults": {"credProps": {"rk": True}},
        },
    }

"""The product reference: short, stable, said over the telephone, with a character that catches a slip.

Six characters drawn from an alphabet without look-alikes, then an ISO 7064 mod 37,36 check character
(python-stdnum). Written in groups: « C7K-4MX-9 ».
"""

import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

# Crockford's base 32: no I, L, O, U, which are taken for 1, 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
FORMAT = r"^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]$"


def draw() -> str:
    """Return a new random reference. The database decides whether it is free."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        check = mod_37_36.calc_check_digit(body)
        if check in ALPHABET:
            return f"{body[:3]}-{body[3:]}-{check}"


def is_valid(reference: str) -> bool:
    """True when the reference is well formed and its check character is right."""
    compact = reference.replace("-", "").replace(" ", "").upper()
    if len(compact) != LENGTH + 1 or set(compact) - set(ALPHABET):
        return False
    try:
        mod_37_36.validate(compact)
    except ValidationError:
        return False
    return True

"""What a schema objects to, in words for whoever wrote the file."""

import json
from typing import Any

import jsonschema_rs

LONGEST = 300
_TYPES = {
    "string": "un texte (entre guillemets si c’est un nombre)",
    "number": "un nombre",
    "integer": "un nombre entier",
    "boolean": "true ou false",
    "array": "une liste",
    "object": "des champs",
}


def in_french(error: jsonschema_rs.ValidationError) -> str:
    """One reason, without the place. What has no words here keeps those of the library."""
    kind: Any = error.kind
    match kind.name:
        case "required":
            said = f"le champ « {kind.property} » manque"
        case "type":
            expected = " ou ".join(_TYPES.get(each, each) for each in kind.types)
            said = f"{_shown(error.instance)} : {expected} est attendu"
        case "pattern":
            said = f"{_shown(error.instance)} n’a pas la forme attendue ({kind.pattern})"
        case "enum":
            said = f"{_shown(error.instance)} n’est pas l’un de {', '.join(map(_shown, kind.options))}"
        case "const":
            said = f"{_shown(kind.expected_value)} est attendu"
        case "additionalProperties":
            said = f"champ inconnu : {', '.join(map(_shown, kind.unexpected))}"
        case "falseSchema":
            said = f"{_shown(error.instance)} n’a pas sa place ici"
        case _:
            return _bounds(error, kind)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _bounds(error: jsonschema_rs.ValidationError, kind: Any) -> str:
    match kind.name:
        case "minimum" | "minItems" | "minLength" | "minProperties":
            return f"{_shown(error.instance)} : au moins {kind.limit}"
        case "maximum" | "maxItems" | "maxLength":
            return f"{_shown(error.instance)} : au plus {kind.limit}"
    return error.message if len(error.message) <= LONGEST else f"{error.message[:LONGEST]}…"


def _shown(value: object) -> str:
    """As it stands in the file, or nearly."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f"« {text if len(text) <= 60 else f'{text[:60]}…'} »"

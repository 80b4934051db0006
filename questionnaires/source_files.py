"""Questionnaires and editions as YAML files: read, checked against their schema, turned into plain definitions."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
from ruamel.yaml import YAML
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from questionnaires.engine.definitions import (
    Choice,
    ChoiceRule,
    Edition,
    Flag,
    Kind,
    Level,
    Outcome,
    Part,
    Question,
    Questionnaire,
    QuestionType,
    Scoring,
    Theme,
    Threshold,
    ThresholdOperator,
)
from questionnaires.schema_words import in_french
from questionnaires.source_migration import read_migration

_DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProblem:
    """One thing wrong in a file. `line` counts from 1, None when it cannot be told; `path` is « themes/0/code »."""

    file: str
    line: int | None
    path: str
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, ligne {self.line}"
        return f"{place}, {self.path} : {self.reason}" if self.path else f"{place} : {self.reason}"


class SourceError(ValueError):
    """Files that cannot be read as questionnaires; `problems` holds everything found."""

    def __init__(self, problems: list[SourceProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_questionnaire(path: Path) -> Questionnaire:
    """One version of a questionnaire, its references not checked yet. SourceError."""
    return parse_questionnaire(read_text(path), path.name)


def read_text(path: Path) -> str:
    """The text of a file, byte for byte: its line breaks are not made those of this machine. SourceError."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError([_problem(path.name, f"lecture impossible ({error})")]) from error


def parse_questionnaire(text: str, file: str = "", *, checked: bool = True) -> Questionnaire:
    """What a text says, told by that name when it is wrong. SourceError.

    Unchecked, the schema is not asked: for what a draft may say before it is whole.
    """
    content = _questionnaire(_parse(text, file, "questionnaire" if checked else None))
    if repeated := list(_named_twice(content)):
        raise SourceError([SourceProblem(file=file, line=None, path="migration/map", reason=r) for r in repeated])
    return content


def parse_edition(text: str, file: str = "") -> dict[str, Any]:
    """The fields of an edition's text, those that are not given left out. SourceError."""
    return {name: value for name, value in _parse(text, file, "edition").items() if value or name != "disclaimer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionTexts:
    """The texts that an edition and its versions, by their codes, were read from."""

    edition: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def read_edition_texts(folder: Path, code: str) -> EditionTexts:
    """The texts of what read_edition() reads. SourceError."""
    path = folder / f"edition-{code}.yaml"
    names, text = _files_by_name(folder), read_text(path)
    wanted = [name for name in _parse(text, path.name, "edition")["questionnaires"] if name in names]
    return EditionTexts(edition=text, versions={name.partition("@")[0]: read_text(names[name]) for name in wanted})


def _named_twice(content: Questionnaire) -> Iterator[str]:
    """What no row can hold: an old question has one fate, a new one one origin."""
    if content.migration:
        for what, keys in (("part", content.migration.sources()), ("arrive", content.migration.targets())):
            yield from (f"{key} y {what} {count} fois" for key, count in Counter(keys).items() if count > 1)


def read_edition(folder: Path, code: str) -> Edition:
    """`edition-<code>.yaml` of a folder with the versions it names, found beside it. SourceError."""
    path = folder / f"edition-{code}.yaml"
    source = _load(path, "edition")
    available = _files_by_name(folder)
    problems, questionnaires = [], []
    for position, name in enumerate(source["questionnaires"]):
        if name not in available:
            where = f"questionnaires/{position}"
            problems.append(
                SourceProblem(file=path.name, line=None, path=where, reason=f"aucun fichier ne contient {name}")
            )
            continue
        try:
            questionnaires.append(read_questionnaire(available[name]))
        except SourceError as error:
            problems.extend(error.problems)
    if problems:
        raise SourceError(problems)
    return Edition(
        code=source["edition"],
        title=source["title"],
        disclaimer=source.get("disclaimer", ""),
        questionnaires=tuple(questionnaires),
        flags=tuple(Flag(**flag) for flag in source["flags"]),
        effective_on=_day(path, source.get("effective_on")),
    )


def _day(path: Path, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        reason = f"« {text} » n’existe pas dans le calendrier"
        raise SourceError([SourceProblem(file=path.name, line=None, path="effective_on", reason=reason)]) from None


def newest_edition(folder: Path) -> str:
    """The code of the last edition of a folder: codes are years."""
    return max((path.stem.removeprefix("edition-") for path in folder.glob("edition-*.yaml")), default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is said: in which file, at which line, from 1."""

    file: str
    line: int


def places(folder: Path, code: str) -> dict[str, Place]:
    """Where an edition that can be read, and its versions, say each thing: by the name that the engine's problems give
    it."""
    edition = folder / f"edition-{code}.yaml"
    versions = set(_load(edition, "edition")["questionnaires"])
    files = [edition, *(each for each in sorted(folder.glob("*.yaml")) if _name_of(each) in versions)]
    return {
        name: Place(file=path.name, line=line)
        for path in files
        for name, line in _named(_yaml().compose(path.read_text(encoding="utf-8")), "")
    }


# What is named where: in which list, by which field, and the word that problems put before.
_NAMES = {
    "flags": ("name", "drapeau "),
    "parts": ("code", "partie "),
    "themes": ("code", "thème "),
    "questions": ("key", ""),
}


def _named(node: Node | None, inside: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, SequenceNode):
        for item in node.value:
            yield from _named(item, inside)
    elif isinstance(node, MappingNode):
        field, prefix = _NAMES.get(inside, ("questionnaire", "questionnaire "))
        for key, value in node.value:
            if key.value == field and isinstance(value, ScalarNode):
                yield f"{prefix}{value.value}", key.start_mark.line + 1
            elif isinstance(value, SequenceNode | MappingNode):
                yield from _named(value, key.value)


# Written out, a number of a million figures takes all the memory there is.
_MOST_FIGURES = 40


class _ExactConstructor(SafeConstructor):
    """Reads 0.1 as the decimal it is, not as the nearest binary fraction; and days as they are written."""

    def construct_exact(self, node: ScalarNode) -> Decimal | float:
        if _DECIMAL.fullmatch(node.value):
            number = Decimal(node.value)
            if abs(number.adjusted()) > _MOST_FIGURES:
                raise ConstructorError(None, None, "nombre hors de portée", node.start_mark)
            return number
        other: float = self.construct_yaml_float(node)
        return other


_ExactConstructor.add_constructor("tag:yaml.org,2002:float", _ExactConstructor.construct_exact)
_ExactConstructor.add_constructor("tag:yaml.org,2002:timestamp", _ExactConstructor.construct_yaml_str)


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _ExactConstructor
    return yaml


def _load(path: Path, schema: str) -> dict[str, Any]:
    """The checked content of a file, with decimals as Decimal."""
    return _parse(read_text(path), path.name, schema)


def parse_yaml(text: str, file: str = "") -> Any:
    """What any YAML text holds, with decimals as Decimal. SourceError."""
    try:
        return _yaml().load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise SourceError([_problem(file, f"YAML illisible ({error.problem})", line)]) from error
    except (YAMLError, ValueError, RecursionError) as error:  # a number of a million figures, a thousand brackets
        raise SourceError([_problem(file, f"YAML illisible ({error})")]) from error


def _parse(text: str, file: str, schema: str | None) -> dict[str, Any]:
    content = parse_yaml(text, file)
    if schema and (errors := list(_validator(schema).iter_errors(content))):
        root = _yaml().compose(text)
        raise SourceError([_schema_problem(file, root, error) for error in errors])
    loaded: dict[str, Any] = content
    return loaded


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    text = (resources.files("questionnaires") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def _problem(file: str, reason: str, line: int | None = None) -> SourceProblem:
    return SourceProblem(file=file, line=line, path="", reason=reason)


def _schema_problem(file: str, root: Node | None, error: jsonschema_rs.ValidationError) -> SourceProblem:
    return SourceProblem(
        file=file,
        line=_line(root, error.instance_path),
        path="/".join(str(step) for step in error.instance_path),
        reason=in_french(error),
    )


def _line(node: Node | None, steps: Iterable[str | int]) -> int | None:
    """The line of the value at the end of a path, or of the nearest thing that exists on the way."""
    if node is None:
        return None
    for step in steps:
        if isinstance(node, MappingNode):
            below = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int):
            below = node.value[step]
        else:
            below = None
        if below is None:
            break
        node = below
    line: int = node.start_mark.line + 1
    return line


def _files_by_name(folder: Path) -> dict[str, Path]:
    """The versions of a folder: « DOC@2026.1 » and where it is."""
    return {_name_of(path): path for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("edition-")}


def _name_of(path: Path) -> str:
    """« DOC@2026.1 », from the head of the file: the rest is not parsed, there may be many versions."""
    head: dict[str, str] = {}
    for key, value in _head(path):
        head[key] = value
        if {"questionnaire", "version"} <= head.keys():
            break
    return f"{head.get('questionnaire')}@{head.get('version')}"


def _head(path: Path) -> Iterator[tuple[str, str]]:
    """The top-level keys of a file that have a plain value, as far as they can be read."""
    depth, key = 0, None
    with path.open(encoding="utf-8") as stream:
        try:
            for event in _yaml().parse(stream):
                if isinstance(event, MappingEndEvent | SequenceEndEvent):
                    depth -= 1
                    key = None if depth == 1 else key
                elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                    depth += 1
                elif isinstance(event, ScalarEvent) and depth == 1:
                    if key is not None:
                        yield key, event.value
                    key = event.value if key is None else None
        except (YAMLError, UnicodeDecodeError):
            # Such a file has no name here; an edition that needs it says which name is missing.
            return


def _questionnaire(source: Mapping[str, Any]) -> Questionnaire:
    return Questionnaire(
        code=source["questionnaire"],
        slug=source["slug"],
        kind=Kind(source["kind"]),
        version=source["version"],
        title=source["title"],
        description=source.get("description", ""),
        parts=tuple(Part(**part) for part in source.get("parts", [])),
        themes=tuple(_theme(theme) for theme in source["themes"]),
        outcomes=tuple(
            Outcome(**{**outcome, "next_steps": tuple(outcome["next_steps"])}) for outcome in source.get("outcomes", [])
        ),
        migration=read_migration(source.get("migration")),
    )


def _theme(source: Mapping[str, Any]) -> Theme:
    questions = tuple(_question(question) for question in source["questions"])
    return Theme(**{**source, "questions": questions})


# Fields of a question that a file writes as the dataclass does.
_AS_WRITTEN = (
    *("key", "title", "wording", "asked", "why", "help", "accepted_example", "refused_example", "evidence"),
    *("answered_by", "minutes", "scored", "applies_when", "reference", "reference_confidence"),
    *("verification", "source", "tier", "editor_note"),
)
_RULES_AS_WRITTEN = (
    *("unit", "not_after_today", "not_before_today", "max_age_months"),
    *("min_length", "max_length", "min_files", "max_files"),
)


def _question(source: Mapping[str, Any]) -> Question:
    rule = source.get("rule", {})
    return Question(
        **{name: source[name] for name in _AS_WRITTEN if name in source},
        **{name: rule[name] for name in _RULES_AS_WRITTEN if name in rule},
        type=QuestionType(source["type"]),
        level=Level(source["level"]),
        weight=Decimal(source["weight"]),
        pass_score=_decimal(source.get("pass_score")),
        allows_not_applicable=source["not_applicable"] == "allowed",
        choices=tuple(_choice(choice) for choice in source.get("choices", [])),
        scoring=Scoring(source.get("scoring", Scoring.SUM)),
        minimum=_decimal(rule.get("min")),
        maximum=_decimal(rule.get("max")),
        thresholds=tuple(_threshold(threshold) for threshold in rule.get("thresholds", [])),
        score_ok=Decimal(rule.get("score_ok", 1)),
        score_old=Decimal(rule.get("score_old", 0)),
        formats=tuple(rule.get("formats", [])),
    )


def _choice(source: Mapping[str, Any]) -> Choice:
    return Choice(
        value=source["value"],
        label=source["label"],
        score=_decimal(source.get("score")),
        rule=ChoiceRule(source.get("rule", ChoiceRule.FREE)),
    )


def _threshold(source: Mapping[str, Any]) -> Threshold:
    (operator,) = source.keys() - {"score"}
    bound = source[operator]
    low, high = bound if operator == "between" else (None if operator == "otherwise" else bound, None)
    return Threshold(
        operator=ThresholdOperator(operator), low=_decimal(low), high=_decimal(high), score=Decimal(source["score"])
    )


def _decimal(number: Decimal | int | None) -> Decimal | None:
    return None if number is None else Decimal(number)

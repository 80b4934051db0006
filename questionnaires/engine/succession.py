"""Whether a version says, of every question of the version before, what becomes of its answers."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from questionnaires.engine.carrying import new_choice
from questionnaires.engine.checking import Problem
from questionnaires.engine.comparing import what_changed
from questionnaires.engine.definitions import Edition, Question, Questionnaire, QuestionType
from questionnaires.engine.migration import Migration, Move, Operation

_ONE_CHOICE = {QuestionType.YES_NO, QuestionType.SINGLE_CHOICE}
_WITH_CHOICES = {*_ONE_CHOICE, QuestionType.MULTIPLE_CHOICE}
# How many old and new questions each operation names: at least, at most.
_MANY = 1_000
_SOURCES = {Operation.MERGE: (2, _MANY)}
_TARGETS = {Operation.SPLIT: (2, _MANY), Operation.DROP: (0, 0)}
_WORDS = {
    Operation.KEEP: "garder",
    Operation.RECONFIRM: "à reconfirmer",
    Operation.SPLIT: "séparer",
    Operation.MERGE: "fusionner",
    Operation.DROP: "abandonner",
}


@dataclass(slots=True)
class Succession:
    """What is found wrong (`errors`), or worth a second look (`warnings`), in the maps of an edition."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check_succession(edition: Edition, predecessors: Mapping[str, Questionnaire]) -> Succession:
    """Judge the map of every version that is not published yet.

    `predecessors` are the published versions of the edition's questionnaires, by « SEC@2026.1 », in the order of their
    publication: a map starts from the last one, so that every dossier finds its way through all of them.
    """
    found = Succession()
    for new in edition.questionnaires:
        if new.name in predecessors:
            continue  # Frozen with its map: another edition brought it.
        earlier = [each for each in predecessors.values() if each.code == new.code]
        where = f"questionnaire {new.code}"
        if new.migration is None:
            if earlier:
                reason = f"cette version suit {earlier[-1].name} : il lui faut une carte de reprise"
                found.errors.append(Problem(where=where, reason=reason))
        elif not earlier or new.migration.from_version != earlier[-1].name:
            found.errors.append(Problem(where=where, reason=_from_elsewhere(new.migration, earlier)))
        else:
            _check_map(new, new.migration, earlier, found)
    return found


def _from_elsewhere(migration: Migration, earlier: list[Questionnaire]) -> str:
    if not any(each.name == migration.from_version for each in earlier):
        return f"la carte de reprise part de {migration.from_version}, qui n’est pas une version publiée"
    return f"la carte de reprise part de {migration.from_version}, mais la dernière publiée est {earlier[-1].name}"


def _check_map(new: Questionnaire, migration: Migration, earlier: list[Questionnaire], found: Succession) -> None:
    old_questions = {question.key: question for question in earlier[-1].questions()}
    new_questions = {question.key: question for question in new.questions()}
    found.errors += _names(migration, old_questions, new_questions)
    used = {question.key for each in earlier for question in each.questions()} - set(migration.targets())
    found.errors += (
        Problem(where=key, reason="cette clé a déjà servi : une question nouvelle prend une clé nouvelle")
        for key in new_questions
        if key in used
    )
    for move in migration.moves:
        where = move.sources[0] if move.sources else f"questionnaire {new.code}"
        found.errors += (Problem(where=where, reason=reason) for reason in _shape(move))
        for source in move.sources:
            for target in move.targets:
                if source in old_questions and target in new_questions:
                    _check_pair(move, old_questions[source], new_questions[target], found)
        found.errors += _unknown_choices(move, old_questions, new_questions)


def _names(
    migration: Migration, old_questions: Mapping[str, Question], new_questions: Mapping[str, Question]
) -> Iterator[Problem]:
    """Every old question once, every new one at most once, and no other."""
    sources, targets = Counter(migration.sources()), Counter(migration.targets())
    for key in old_questions:
        if key not in sources:
            yield Problem(where=key, reason="la carte de reprise ne dit pas ce que devient cette question")
    yield from _named(sources, old_questions, f"mais {migration.from_version} ne l’a pas", "en part")
    yield from _named(targets, new_questions, "mais la nouvelle version ne l’a pas", "y mène")


def _named(counted: Counter[str], known: Mapping[str, Question], absent: str, way: str) -> Iterator[Problem]:
    for key, count in counted.items():
        if key not in known:
            yield Problem(where=key, reason=f"la carte de reprise la nomme, {absent}")
        elif count > 1:
            yield Problem(where=key, reason=f"la carte de reprise {way} {count} fois")


def _shape(move: Move) -> Iterator[str]:
    word = _WORDS[move.operation]
    for found, (least, most), what in (
        (move.sources, _SOURCES.get(move.operation, (1, 1)), "de départ"),
        (move.targets, _TARGETS.get(move.operation, (1, 1)), "d’arrivée"),
    ):
        if not least <= len(found) <= most:
            wanted = f"au moins {least}" if most == _MANY else str(least)
            yield f"« {word} » demande {wanted} question(s) {what}, et en a {len(found)}"
    if move.operation in {Operation.RECONFIRM, Operation.DROP} and not move.why.strip():
        yield f"« {word} » demande une raison : l’éditeur la lira"


def _check_pair(move: Move, old: Question, new: Question, found: Succession) -> None:
    """Whether what was answered to `old` can be said in `new`."""
    if not _says(old, new, kept=move.operation is Operation.KEEP):
        reason = f"sa réponse ne se lit pas dans {new.key}, dont le type est autre"
        found.errors.append(Problem(where=old.key, reason=reason))
        return
    if move.operation is Operation.KEEP and (changed := what_changed(old, new)):
        reason = f"gardée, alors que change {', '.join(changed)} : ne faut-il pas la reconfirmer ?"
        found.warnings.append(Problem(where=old.key, reason=reason))
    if new.type in _WITH_CHOICES:
        found.errors += (Problem(where=old.key, reason=reason) for reason in _lost_choices(move, old, new))


def _says(old: Question, new: Question, *, kept: bool) -> bool:
    if old.type is new.type:
        return True
    return not kept and old.type in _ONE_CHOICE and new.type in _WITH_CHOICES


def _lost_choices(move: Move, old: Question, new: Question) -> Iterator[str]:
    values = {choice.value for choice in new.choices}
    named = {each.old for each in move.choices if (each.source, each.target) == (old.key, new.key)}
    for choice in old.choices:
        value = new_choice(move, old.key, new.key, choice.value)
        if value is None and move.operation is Operation.KEEP:
            yield f"le choix « {choice.value} » n’est pas gardé : dites « à reconfirmer »"
        elif value is not None and value not in values and choice.value not in named:
            yield f"rien ne dit ce que devient le choix « {choice.value} » dans {new.key}"


def _unknown_choices(
    move: Move, old_questions: Mapping[str, Question], new_questions: Mapping[str, Question]
) -> Iterator[Problem]:
    for each in move.choices:
        if each.source not in move.sources or each.target not in move.targets:
            where = move.sources[0] if move.sources else each.source
            yield Problem(where=where, reason=f"des choix sont nommés de {each.source} vers {each.target}, à tort")
            continue
        old, new = old_questions.get(each.source), new_questions.get(each.target)
        if old and each.old not in {choice.value for choice in old.choices}:
            yield Problem(where=each.source, reason=f"« {each.old} » n’était pas un choix")
        if new and each.new is not None and each.new not in {choice.value for choice in new.choices}:
            yield Problem(where=each.source, reason=f"« {each.new} » n’est pas un choix de {each.target}")


def proposed_migration(old: Questionnaire, new: Questionnaire) -> Migration:
    """A map to begin with: the same question is kept, a changed one reconfirmed, a missing one dropped.

    The reasons are left empty, for the editor to write: a map without them is not published.
    """
    questions = {question.key: question for question in new.questions()}
    return Migration(
        from_version=old.name,
        moves=tuple(_proposed(question, questions.get(question.key)) for question in old.questions()),
    )


def _proposed(old: Question, new: Question | None) -> Move:
    if new is None:
        return Move(operation=Operation.DROP, sources=(old.key,))
    operation = Operation.RECONFIRM if what_changed(old, new) else Operation.KEEP
    return Move(operation=operation, sources=(old.key,), targets=(new.key,))

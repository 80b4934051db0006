"""A YAML file cut where its blocks and fields begin: every line of it belongs to one of them, comments and blank lines
to what they stand before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from questionnaires.exchange.yaml_fields import IDENTITIES

# Line breaks to some readers of YAML and not to others: such a file is not cut.
_DOUBTFUL_BREAKS = ("\x85", "\u2028", "\u2029")


class NotInBlocks(Exception):
    """The file is not laid out as ours are, one field to a line: nothing of it can be kept apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One mapping: its fields in the order of the file. `dash` is the column of its dash in a list, if it is in one."""

    column: int
    dash: int | None
    pieces: dict[str, "Piece"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The lines of one field, what stands before it included. For a list of blocks, without those: `blocks`."""

    lines: str
    dash: int = 0
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The whole file; `tail` stands after everything that it says."""

    root: Block
    tail: str


def cut(text: str) -> Layout:
    """Cut a file that reads well. NotInBlocks."""
    if any(mark in text for mark in _DOUBTFUL_BREAKS) or "\r" in text.replace("\r\n", ""):
        raise NotInBlocks
    lines = _lines(text)
    root = YAML(typ="safe", pure=True).compose(text)
    if not isinstance(root, MappingNode) or root.flow_style or _shares(root):
        raise NotInBlocks
    end = _own_end(root, lines, 0, len(lines))
    return Layout(root=_block(root, lines, 0, end, None), tail="".join(lines[end:]))


def _lines(text: str) -> list[str]:
    """Split at line feeds only, as positions in the file are counted."""
    lines = text.split("\n")
    last = [f"{lines[-1]}\n"] if lines[-1] else []
    return [f"{line}\n" for line in lines[:-1]] + last


def _shares(root: Node) -> bool:
    """Whether something is said once and used twice: it could not be changed in one place only."""
    seen = list(_nodes(root))
    return len({id(node) for node in seen}) < len(seen)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _nodes(key)
            yield from _nodes(value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _nodes(item)


def _block(node: MappingNode, lines: list[str], start: int, end: int, dash: int | None) -> Block:
    column = node.value[0][0].start_mark.column
    pieces: dict[str, Piece] = {}
    for position, (key, value) in enumerate(node.value):
        last = position == len(node.value) - 1
        stop = end if last else _own_end(value, lines, column, node.value[position + 1][0].start_mark.line)
        if key.start_mark.column != column or not start <= key.start_mark.line < stop:
            raise NotInBlocks
        pieces[key.value] = _piece(key, value, lines, start, stop)
        start = stop
    return Block(column=column, dash=dash, pieces=pieces)


def _piece(key: ScalarNode, value: Any, lines: list[str], start: int, stop: int) -> Piece:
    if key.value not in IDENTITIES or not isinstance(value, SequenceNode) or value.flow_style:
        return Piece(lines="".join(lines[start:stop]))
    head = key.start_mark.line + 1
    if value.start_mark.line < head:
        raise NotInBlocks
    blocks, at, dash = [], head, value.start_mark.column
    for position, item in enumerate(value.value):
        last = position == len(value.value) - 1
        following = stop if last else value.value[position + 1].start_mark.line
        below = stop if last else _own_end(item, lines, dash, following)
        if not isinstance(item, MappingNode) or item.flow_style or not item.value:
            raise NotInBlocks
        first = item.value[0][0].start_mark.line
        if lines[first][: dash + 1] != " " * dash + "-":
            raise NotInBlocks
        lines[first] = f"{lines[first][:dash]} {lines[first][dash + 1 :]}"
        blocks.append(_block(item, lines, at, below, dash))
        at = below
    return Piece(lines="".join(lines[start:head]), dash=dash, blocks=blocks)


def _own_end(node: Node, lines: list[str], column: int, limit: int) -> int:
    """The line after a value and the comments that are deeper than `column`; what follows stands before something
    else."""
    end = own = _end(node, lines)
    for number in range(end, limit):
        line = lines[number].lstrip(" ")
        if line.startswith("#") and len(lines[number]) - len(line) > column:
            own = number + 1
    return own


def _end(node: Node, lines: list[str]) -> int:
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, MappingNode) else last, lines)
    mark = node.end_mark
    end: int = mark.line + (1 if mark.column else 0)
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        header = lines[node.start_mark.line][node.start_mark.column :].split("#")[0]
        while "+" not in header and not lines[end - 1].strip():
            end -= 1
    return end

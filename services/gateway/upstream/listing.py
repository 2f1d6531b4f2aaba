"""What a service lists in its OpenAPI document: nothing else of it can be reached."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TECHNICAL = frozenset(("/livez", "/readyz", "/metrics", "/openapi.json"))
"""What services say of themselves to those who run them, listed or not."""
METHODS = ("get", "head", "post", "put", "patch", "delete")

_PARAMETER = re.compile(r"\{[^{}/]+\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `waits` says that its caller may ask it to wait for news, `public`
    that it is everybody's.
    """

    path: str
    method: str
    waits: bool
    public: bool


@dataclass(slots=True)
class _Node:
    """A place in the tree of paths; `patterns` are its segments with a parameter in them."""

    literals: dict[str, "_Node"] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    operations: dict[str, Operation] = field(default_factory=dict)


class Listing:
    """The paths and methods of one service. `document` is where they were read."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Raises ValueError for what is no OpenAPI document."""
        self.document = document
        self._root = _Node()
        paths = document.get("paths")
        if not isinstance(paths, Mapping):
            raise ValueError("no paths")
        for path, item in paths.items():
            if path in TECHNICAL:
                continue
            node = self._root
            for segment in path.strip("/").split("/"):
                node = _below(node, segment)
            for method in METHODS:
                if method in item:
                    waits = _waits([*item.get("parameters", ()), *_parameters(item[method])])
                    public = not item[method].get("security")
                    operation = Operation(path, method.upper(), waits, public)
                    node.operations[method.upper()] = operation

    def find(self, segments: Sequence[str]) -> Mapping[str, Operation]:
        """By method, the operations of a path whose parts are given unquoted; empty where there is
        none. Where a path fits several templates, the one without parameters counts.
        """
        found: dict[str, Operation] = {}
        for node in _reached(self._root, segments, 0):
            for method, operation in node.operations.items():
                found.setdefault(method, operation)
        return found


def _parameters(operation: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return operation.get("parameters", ())


def _waits(parameters: Sequence[Mapping[str, Any]]) -> bool:
    return any(one.get("name") == "wait" and one.get("in") == "query" for one in parameters)


def _below(node: _Node, segment: str) -> _Node:
    if not _PARAMETER.search(segment):
        return node.literals.setdefault(segment, _Node())
    literal = map(re.escape, _PARAMETER.split(segment))
    pattern = re.compile(".+".join(literal), re.DOTALL)
    for known, below in node.patterns:
        if known == pattern:
            return below
    below = _Node()
    node.patterns.append((pattern, below))
    return below


def _reached(node: _Node, segments: Sequence[str], depth: int) -> Iterator[_Node]:
    if depth == len(segments):
        yield node
        return
    segment = segments[depth]
    literal = node.literals.get(segment)
    if literal is not None:
        yield from _reached(literal, segments, depth + 1)
    for pattern, below in node.patterns:
        if pattern.fullmatch(segment):
            yield from _reached(below, segments, depth + 1)

"""The kinds of message as they are shipped, from `kinds.yaml`: read once, checked whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from services.notifications.domain.kinds import KindRule, Topic, Urgency
from services.notifications.domain.ways import Way
from shared.contracts.types import Code
from shared.runtime.settings import give_up
from shared.runtime.yaml_text import read_yaml

SHIPPED = Path(__file__).with_name("kinds.yaml")
LONGEST_NIGHT = timedelta(hours=12)
"""What must be told is good for longer: else quiet hours might swallow it."""


class KindsUnusable(Exception):
    """The table cannot be used; the text names the rows that are wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Manner(_Part):
    """How something is told, by a name that kinds refer to."""

    urgency: Urgency = Urgency.NORMAL
    ways: tuple[Way, ...] = ()
    must: bool = False
    lasts: timedelta | None = None
    gathers: timedelta = timedelta()
    heard_within: timedelta | None = None
    collected: bool = True


def _names(given: Any) -> Any:
    return given.split() if isinstance(given, str) else given


class Row(_Part):
    """One kind: its topic, its manner, the parameters that its words may use."""

    topic: Topic
    told: Code
    params: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()


class _File(_Part):
    manners: dict[Code, Manner]
    samples: dict[str, str]
    kinds: dict[Code, Row]


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table: each kind's rule, and a sample value of each parameter."""

    rules: Mapping[str, KindRule]
    samples: Mapping[str, str]

    def sample(self, kind: str) -> dict[str, str]:
        """Parameters of a message of that kind, as one might have them. Raises KeyError."""
        return {name: self.samples[name] for name in self.rules[kind].params}


def load_kinds(path: Path = SHIPPED) -> Kinds:
    """The table of a file. Raises `KindsUnusable`."""
    try:
        file = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise KindsUnusable(f"{path}: {error}") from None
    wrong = [line for kind, row in file.kinds.items() for line in _faults(kind, row, file)]
    if wrong:
        raise KindsUnusable("\n".join(f"{path}: {line}" for line in wrong))
    rules = {
        kind: KindRule(topic=row.topic, params=row.params, **dict(file.manners[row.told]))
        for kind, row in file.kinds.items()
    }
    return Kinds(rules, file.samples)


def _faults(kind: str, row: Row, file: _File) -> list[str]:
    manner = file.manners.get(row.told)
    if manner is None:
        return [f"kinds.{kind}: there is no manner {row.told}"]
    wrong = [
        f"kinds.{kind}: {name} has no sample" for name in row.params if name not in file.samples
    ]
    if manner.must and not manner.ways:
        wrong.append(f"kinds.{kind}: what must be told needs a way")
    waits = manner.must and manner.urgency is not Urgency.URGENT
    if waits and manner.lasts is not None and manner.lasts <= LONGEST_NIGHT:
        wrong.append(f"kinds.{kind}: a night may outlast it, yet it must be told")
    return wrong


@cache
def kinds_in_use() -> Kinds:
    """The shipped table, read once. Ends the process where it cannot be used."""
    try:
        return load_kinds()
    except KindsUnusable as unusable:
        give_up(*str(unusable).splitlines())

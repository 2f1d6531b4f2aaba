"""The demo's own day as data: day.yaml, read and checked before anything is started."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from deploy.local.layout import LocalError
from shared.contracts.types import Level, PetitionKind, Urgency

HERE = Path(__file__).parent
COMMUNITY = HERE / "community.yaml"
RULES = HERE / "rules.yaml"
DAY = HERE / "day.yaml"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo: `sub` is the subject that the platform knows, `name` is for reading.

    A resident has a `home` (a unit) and is entered into the register; staff have `places`; who acts
    for an organisation has its id as `org`.
    """

    sub: str
    name: str
    roles: tuple[str, ...]
    places: tuple[str, ...] = ()
    home: str | None = None
    phone: str | None = None
    org: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """How a petition must have ended.

    `levels` are those it reached, in order; `messages` by person how many of each kind.
    """

    status: str
    outcome: str | None
    level: Level
    levels: tuple[Level, ...]
    messages: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is raised. `for_` is the petitioner where somebody else files it on their behalf."""

    kind: PetitionKind
    title: str
    text: str
    place: str
    category: str
    expect: Expected
    channel: str = "web"
    urgency: Urgency = Urgency.NORMAL
    for_: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """`who` does `does` (``file`` or a verb of the API) with a petition; `with_` is the body."""

    who: str
    does: str
    petition: str
    with_: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is done until time has brought a petition to this status or level."""

    petition: str
    status: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Acts that belong together."""

    title: str
    acts: tuple[Act | Wait, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """All of it. `register` is the person who enters residents."""

    people: dict[str, Person]
    register: str
    petitions: dict[str, Matter]
    scenes: tuple[Scene, ...]

    def expected_messages(self, petition: str) -> Counter[tuple[str, str]]:
        """How many messages of each (recipient's subject, kind) a petition must have led to."""
        told = self.petitions[petition].expect.messages
        return Counter(
            {
                (self.people[who].sub, kind): number
                for who, kinds in told.items()
                for kind, number in kinds.items()
            }
        )

    def named(self) -> dict[str, str]:
        """The names of people by subject."""
        return {person.sub: person.name for person in self.people.values()}

    def residents(self) -> Iterator[Person]:
        """Those who are entered into the register."""
        return (person for person in self.people.values() if person.home is not None)


def load_day(path: Path = DAY) -> Day:
    """The day of a file. Raises LocalError, naming the file and what is wrong with it."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
        day = _day(msgspec.convert(given, _File))
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise LocalError(f"{path}: is not YAML: {error}") from None
    except msgspec.ValidationError as error:
        raise LocalError(f"{path}: {error}") from None
    if wrong := _strangers(day):
        raise LocalError("\n".join(f"{path}: {line}" for line in wrong))
    return day


@dataclass(frozen=True, slots=True)
class _SceneInFile:
    title: str
    acts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _File:
    people: dict[str, Person]
    register: str
    petitions: dict[str, dict[str, Any]]
    scenes: list[_SceneInFile]


def _day(file: _File) -> Day:
    return Day(
        people=file.people,
        register=file.register,
        petitions={
            name: _as(Matter, given, f"petition {name}") for name, given in file.petitions.items()
        },
        scenes=tuple(
            Scene(
                scene.title,
                tuple(
                    _act(act, f"scene {scene.title!r}, act {n}")
                    for n, act in enumerate(scene.acts, 1)
                ),
            )
            for scene in file.scenes
        ),
    )


def _act(given: Mapping[str, Any], where: str) -> Act | Wait:
    return _as(Wait, given, where) if "wait" in given else _as(Act, given, where)


_FIELDS = {"with": "with_", "for": "for_", "wait": "petition"}
"""Words of Python that read better in the file than the names of the fields."""


def _as(kind: type[T], given: Mapping[str, Any], where: str) -> T:
    plain = {_FIELDS.get(name, name): value for name, value in given.items()}
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(plain.keys() - known):
        raise msgspec.ValidationError(f"{where}: unknown {', '.join(unknown)}")
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{where}: {error}") from None


def _strangers(day: Day) -> list[str]:
    """Names of people and petitions that the file does not introduce."""
    named: list[tuple[str, str, Sequence[str | None]]] = [("register", "person", [day.register])]
    for name, matter in day.petitions.items():
        people = [matter.for_, *matter.expect.messages]
        named.append((f"petition {name}", "person", people))
    for scene in day.scenes:
        for n, act in enumerate(scene.acts, 1):
            where = f"scene {scene.title!r}, act {n}"
            named.append((where, "petition", [act.petition]))
            if isinstance(act, Act):
                named.append((where, "person", [act.who, act.with_.get("assignee")]))
    known = {"person": day.people.keys(), "petition": day.petitions.keys()}
    return [
        f"{where}: there is no {kind} {name!r}"
        for where, kind, names in named
        for name in names
        if name is not None and name not in known[kind]
    ]

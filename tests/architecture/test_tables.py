"""What the tables of the services promise: access, words for every refusal, every event handled."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
import yaml

from shared.contracts.envelope import SERVICES, public_events
from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command, caller_fills
from shared.runtime.api import rows_of
from shared.runtime.service import Service, access_matrix
from tests.architecture.access_matrix import ALL, FILE, as_markdown
from tests.architecture.modules import ROOT, modules

AGGREGATES = [
    pytest.param(service, aggregate, id=f"{service.name}-{aggregate.kind}")
    for service in ALL
    for aggregate in service.aggregates
]


# --- access ------------------------------------------------------------------------------------


def test_the_access_matrix_is_up_to_date() -> None:
    written = FILE.read_text(encoding="utf-8")
    assert written == as_markdown(access_matrix(ALL)), (
        "docs/access-matrix.md differs: python -m tests.architecture.access_matrix"
    )


def test_every_verb_of_every_table_stands_in_the_matrix() -> None:
    written = FILE.read_text(encoding="utf-8")
    count = 0
    for service in ALL:
        for api in service.apis:
            for name, verb in rows_of(api).items():
                row = f"| {name} | `POST /{api.collection}/{{id}}/{name}` | {verb.may.name}"
                assert f"{row} |" in written or f"{row}; " in written
                count += 1
            if api.create is not None:
                assert f"`POST /{api.collection}` | {api.create.may.name} |" in written
    assert count >= 15


def test_every_command_that_a_person_gives_stands_in_a_table() -> None:
    seen = 0
    for service in ALL:
        offered = {verb.command for api in service.apis for verb in api.verbs.values()}
        offered |= {row.command for api in service.apis for row in api.beneath.values()}
        offered |= {api.create.command for api in service.apis if api.create is not None}
        for command in commands_of(service):
            if caller_fills(command):
                assert command in offered, f"{service.name}: nobody can {command.verb}"
                seen += 1
    assert seen >= 20


def commands_of(service: Service) -> Iterator[type[Command]]:
    """The commands in a service's domain."""
    for module in modules(f"services/{service.name}/domain"):
        for thing in vars(import_module(module.name.removesuffix(".__init__"))).values():
            if (
                isinstance(thing, type)
                and issubclass(thing, Command)
                and thing.__module__ == module.name
            ):
                yield thing


# --- refusals ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """A place in the code where a command is rejected."""

    code: str
    details: frozenset[str]


def refusals(service: str) -> Iterator[Refusal]:
    """Every ``Rejected(...)`` in a service's domain and beside it."""
    for module in modules(f"services/{service}"):
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Rejected", "Refused")
            ):
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{module.name}: a code is a plain text"
                yield Refusal(str(code.value), frozenset(k.arg or "" for k in node.keywords))


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
def test_every_refusal_has_a_chinese_text_with_what_fills_it(service: Service) -> None:
    file = ROOT / "services" / service.name / "problems.zh.yaml"
    texts: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = list(refusals(service.name))
    assert {refusal.code for refusal in found} == texts.keys()
    for refusal in found:
        wanted = {part.partition("}")[0] for part in texts[refusal.code].split("{")[1:]}
        assert wanted <= refusal.details, f"{refusal.code} wants {sorted(wanted)}"


# --- events ------------------------------------------------------------------------------------


def evolved(aggregate: Aggregate[Any]) -> set[str]:
    """The event classes that `evolve` has a case for, in its module or in one of its chapters."""
    told = import_module(aggregate.evolve.__module__)
    chapters = getattr(told, "CHAPTERS", ())
    package = told.__name__.rpartition(".")[0]
    names = {told.__name__, *(chapter.__name__ for chapter in chapters)}
    if chapters:
        names.add(f"{package}.state")  # where a chapter has no `evolve` of its own
    return {
        node.cls.id
        for module in modules(package.replace(".", "/"))
        if module.name in names
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and function.name == aggregate.evolve.__name__
        for node in ast.walk(function)
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name)
    }


LEAVE_NO_MARK = {
    "RoomRefused": "the session tries another time, by reaction",
    "RewardRefused": "the points that were held go back, by reaction",
    "OrderWordsForgotten": "only words of the dossier go; who did it stands in the hours",
    "NeedNotGiven": "the project goes on without it, by reaction",
    "ResourceRefused": "the need hears of it, by reaction",
    "OccasionDue": "that the day was dealt with is kept beside it",
    "OccasionLeftOut": "what was decided about the day is kept beside it",
    "OccasionMoved": "what was decided about the day is kept beside it",
    "OccasionNotMade": "those who answer for it are told; the day was dealt with",
    "TeamTrained": "its members' records follow, by reaction",
    "TeamInsured": "its members' records follow, by reaction",
    "VolunteerFitnessChanged": "what they have taken on is looked at again, by reaction",
    "PetitionAlarmed": "the danger stands in what was filed",
    "PetitionMemberRefused": "the other one goes on alone, by reaction",
    "PetitionReviewAsked": "the review follows",
    "PromiseReported": "the petitioner judges it",
    "PetitionHandedUp": "the level that it reaches follows",
    "PetitionRated": "closing or reopening follows",
    "PetitionWithdrawn": "closing follows",
    "RungSkipped": "the rung above it is called",
    "WhistleReportRefused": "the next rung is called",
    "ErasureGrounded": "erasing follows",
    "ResidentVouchedFor": "it changes another resident, by reaction",
}
"""Public events that change no state, and why."""


@pytest.mark.parametrize(("service", "aggregate"), AGGREGATES)
def test_every_event_is_evolved_or_named(service: Service, aggregate: Aggregate[Any]) -> None:
    cases = evolved(aggregate)
    for event in aggregate.events:
        if issubclass(event, Personal):
            assert event.__name__ not in cases, f"{event.__name__} leaves no mark on a state"
        else:
            named = event.__name__ in cases, event.__name__ in LEAVE_NO_MARK
            assert any(named), f"{service.name}: nothing follows from {event.__name__}"
            assert not all(named), f"{event.__name__} is evolved: strike it from the list"
    assert cases <= {event.__name__ for event in aggregate.events}


def test_every_public_event_is_recorded_by_an_aggregate() -> None:
    services = {service.name: service for service in ALL}
    assert set(services) - set(SERVICES) == {"gateway"}, "it tells other services nothing"
    for name in SERVICES:
        recorded: set[type[Event]] = {
            event for aggregate in services[name].aggregates for event in aggregate.events
        }
        for event in public_events(name).values():
            assert event in recorded, f"{event.__name__} is published by nobody"

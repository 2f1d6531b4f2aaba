"""Who could mediate a dispute, how well, and why; who could not, and why not.

Five things count, each between 0 and 1 and shown beside the whole: how much time their cases leave
them, how near they live in the place tree, whether they speak the language that is wanted, whether
they are trained for the kind of dispute, and how many of their disputes were settled.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.panels.conflicts import conflicts
from services.mediation.domain.panels.mediator_state import Mediator, Standing
from services.mediation.domain.panels.panel_state import Bonds, Panel
from shared.contracts.mediation.disputes import DisputeKind, Outcome

BASIC_TRAINING = "mediation"
"""Whoever mediates has it, and it holds."""
TRAININGS: Mapping[DisputeKind, str] = {
    DisputeKind.FAMILY: "family-mediation",
    DisputeKind.LABOUR: "labour-mediation",
    DisputeKind.MEDICAL: "medical-mediation",
}
"""What else a kind of dispute asks for."""
WEIGHTS = {"load": 0.35, "place": 0.25, "language": 0.15, "training": 0.1, "record": 0.15}
"""How much each counts; together 1."""
UNPROVEN = 0.5
"""The record of who has ended nothing yet."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a mediator fits a dispute. `steps` lie between the places in the tree; `cases` of
    `most_cases` are at hand; `settled` of `ended` were settled. `score` is between 0 and 1; `unfit`
    says why they cannot, None where they can, and `conflicts` what ties them to the parties.
    """

    mediator: str
    steps: int
    cases: int
    most_cases: int
    settled: int
    ended: int
    parts: tuple[tuple[str, float], ...]
    score: float
    unfit: str | None = None
    conflicts: tuple[str, ...] = ()


def unfit(
    person: str,
    known: Mediator | None,
    panel: Panel,
    dispute: Dispute,
    bonds: Bonds | None,
    now: datetime,
    language: str | None = None,
) -> str | None:
    """Why somebody cannot mediate it, as a code; None: nothing is against it."""
    if known is None or known.person is None:
        return "not-registered"
    if known.standing is not Standing.ACTIVE:
        return known.standing.value
    if known.until is None or known.until <= now:
        return "term-over"
    if conflicts(person, panel, dispute, bonds):
        return "conflict"
    if person in panel.out:
        return "asked-before"
    if panel.kind not in known.fields:
        return "other-field"
    if not trained(known, BASIC_TRAINING, now):
        return "untrained"
    wanted = TRAININGS.get(panel.kind)
    if wanted is not None and not trained(known, wanted, now):
        return "untrained-for-kind"
    if set(known.serves).isdisjoint(panel.path):
        return "elsewhere"
    if len(known.cases) >= known.most_cases:
        return "enough-at-hand"
    if language is not None and language not in known.languages:
        return "other-language"
    return None


def trained(known: Mediator, code: str, now: datetime) -> bool:
    """Whether a training of that code holds now."""
    return any(
        one.code == code and (one.until is None or one.until > now) for one in known.trainings
    )


def fit(
    person: str,
    known: Mediator,
    home: Sequence[str],
    panel: Panel,
    dispute: Dispute,
    bonds: Bonds | None,
    now: datetime,
    language: str | None = None,
) -> Fit:
    """How this mediator fits, with the reasons; `home` is the path of where they live."""
    steps = steps_between(panel.path, home)
    outcomes = dict(known.outcomes)
    settled = outcomes.get(Outcome.SETTLED.value, 0)
    wanted = TRAININGS.get(panel.kind, BASIC_TRAINING)
    parts = {
        "load": max(1 - len(known.cases) / known.most_cases, 0.0),
        "place": 1 / (1 + steps),
        "language": 1.0 if language is None or language in known.languages else 0.0,
        "training": 1.0 if trained(known, wanted, now) else 0.0,
        "record": settled / known.ended if known.ended else UNPROVEN,
    }
    return Fit(
        person,
        steps,
        len(known.cases),
        known.most_cases,
        settled,
        known.ended,
        tuple((name, round(part, 3)) for name, part in parts.items()),
        round(sum(WEIGHTS[name] * part for name, part in parts.items()), 3),
        unfit(person, known, panel, dispute, bonds, now, language),
        tuple(one.value for one in conflicts(person, panel, dispute, bonds)),
    )


def best(fits: Iterable[Fit]) -> list[Fit]:
    """Those who can, the best first; where two are as good, the one with the smaller id. Then those
    who cannot.
    """
    return sorted(fits, key=lambda one: (one.unfit is not None, -one.score, one.mediator))


def steps_between(one: Sequence[str], other: Sequence[str]) -> int:
    """How many steps up and down lead from one place to the other in the tree."""
    common = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        common += 1
    return len(one) + len(other) - 2 * common

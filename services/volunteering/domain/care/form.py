"""What is asked at a visit: readings with units and what can be true, checks with their answers,
and what of both is alarming.

Which fields there are stands in the service's list of forms; the rules here only apply it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shared.contracts.types import Code, Measure
from shared.contracts.volunteering.care import CareAlarm
from shared.runtime.aggregate import Rejected

T = TypeVar("T")

EPSILON = 1e-9
"""What two numbers of one field may differ in and still be the same."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured, in the field's unit."""

    field: Code
    value: Measure


@dataclass(frozen=True, slots=True)
class Check:
    """What was seen or heard: one of the field's answers."""

    field: Code
    answer: Code


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """At or below `low`, at or above `high` a reading is alarming for this person; None: never."""

    field: Code
    low: Measure | None = None
    high: Measure | None = None


@dataclass(frozen=True)
class Gauge:
    """A field that is measured. A reading under `least` or over `most` cannot be true; one at or
    below `low`, or at or above `high`, is alarming. It is `below` that of another field.
    """

    unit: str
    least: float
    most: float
    decimals: int = 0
    low: float | None = None
    high: float | None = None
    below: str | None = None
    needed: bool = False


@dataclass(frozen=True)
class Question:
    """A field that is answered by one of these; some of the answers are alarming."""

    answers: tuple[str, ...]
    alarming: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class Form:
    """All that is asked for a purpose."""

    gauges: Mapping[str, Gauge]
    questions: Mapping[str, Question]


def alarms_of(
    form: Form,
    own: Iterable[OwnLimit],
    readings: tuple[Reading, ...],
    checks: tuple[Check, ...],
) -> tuple[CareAlarm, ...]:
    """What of a filled form is alarming. Raises `Rejected`, with the field, for what is missing,
    unknown or cannot be true.
    """
    values = _once([(one.field, one.value) for one in readings])
    answers = _once([(one.field, one.answer) for one in checks])
    limits = {one.field: one for one in own}
    for field in (*_needed(form.gauges), *_needed(form.questions)):
        if field not in values and field not in answers:
            raise Rejected(
                "field-missing", f"{field} is missing: the form asks for it", field=field
            )
    found: list[CareAlarm] = []
    for field, value in values.items():
        gauge = form.gauges.get(field)
        if gauge is None:
            raise _unknown(field)
        _refuse_untrue(field, value, gauge)
        if gauge.below is not None and gauge.below in values and value >= values[gauge.below]:
            raise Rejected(
                "reading-not-below",
                f"{field} must be lower than {gauge.below}: look at both again",
                field=field,
                below=gauge.below,
            )
        if is_alarming(gauge, limits.get(field), value):
            found.append(CareAlarm.READING)
    for field, answer in answers.items():
        question = form.questions.get(field)
        if question is None:
            raise _unknown(field)
        if answer not in question.answers:
            raise Rejected(
                "unknown-answer",
                f"{field} is answered by one of: {', '.join(question.answers)}",
                field=field,
                answers=", ".join(question.answers),
            )
        if answer in question.alarming:
            found.append(CareAlarm.FINDING)
    return tuple(dict.fromkeys(found))


def is_alarming(gauge: Gauge, own: OwnLimit | None, value: float) -> bool:
    """Whether somebody has to look at a reading at once; own limits go before those of the form."""
    low, high = (gauge.low, gauge.high) if own is None else (own.low, own.high)
    return (low is not None and value <= low + EPSILON) or (
        high is not None and value >= high - EPSILON
    )


def refuse_senseless(form: Form, own: tuple[OwnLimit, ...]) -> None:
    """Raises `Rejected`, with the field, for own limits that no reading of the form could meet in
    the right order.
    """
    _once([(one.field, one) for one in own])
    for one in own:
        gauge = form.gauges.get(one.field)
        if gauge is None:
            raise _unknown(one.field)
        low = gauge.least if one.low is None else one.low
        high = gauge.most if one.high is None else one.high
        if not gauge.least <= low < high <= gauge.most:
            raise Rejected(
                "limit-senseless",
                f"the limits of {one.field} lie between {gauge.least:g} and {gauge.most:g} "
                f"{gauge.unit}, the lower below the upper",
                field=one.field,
                least=f"{gauge.least:g}",
                most=f"{gauge.most:g}",
                unit=gauge.unit,
            )


def _refuse_untrue(field: str, value: float, gauge: Gauge) -> None:
    if not gauge.least <= value <= gauge.most:
        raise Rejected(
            "reading-implausible",
            f"{field} lies between {gauge.least:g} and {gauge.most:g} {gauge.unit}: measure again",
            field=field,
            least=f"{gauge.least:g}",
            most=f"{gauge.most:g}",
            unit=gauge.unit,
        )
    if abs(round(value, gauge.decimals) - value) > EPSILON:
        raise Rejected(
            "reading-too-fine",
            f"{field} has {gauge.decimals} decimals at most",
            field=field,
            decimals=gauge.decimals,
        )


def _needed(fields: Mapping[str, Gauge] | Mapping[str, Question]) -> list[str]:
    return [name for name, field in fields.items() if field.needed]


def _once(given: list[tuple[str, T]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for field, value in given:
        if field in found:
            raise Rejected("field-twice", f"{field} is given twice: once is enough", field=field)
        found[field] = value
    return found


def _unknown(field: str) -> Rejected:
    return Rejected("unknown-field", f"the form does not ask for {field}", field=field)

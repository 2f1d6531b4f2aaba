"""What a form takes, and what of it is alarming."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.volunteering.care_forms import BY_PURPOSE, FORMS, Forms, trend
from services.volunteering.domain.care.form import (
    Check,
    Form,
    Gauge,
    OwnLimit,
    Question,
    Reading,
    alarms_of,
    is_alarming,
    refuse_senseless,
)
from shared.contracts.volunteering.care import CareAlarm
from shared.runtime.aggregate import Rejected
from tests.services.volunteering.care.plans import BAD, FINE, WELL

PRESSURE = BY_PURPOSE["hypertension"]
SUGAR = BY_PURPOSE["diabetes"]


def pressure(systolic: float, diastolic: float = 60) -> tuple[Reading, ...]:
    return (Reading("systolic", systolic), Reading("diastolic", diastolic))


def alarms(readings: tuple[Reading, ...], *own: OwnLimit) -> tuple[CareAlarm, ...]:
    return alarms_of(PRESSURE, own, readings, WELL)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "alarming"),
    [
        (135, 85, False),
        (179, 109, False),
        (180, 85, True),
        (150, 110, True),
        (91, 60, False),
        (90, 60, True),
        (135, 50, True),
        (135, 51, False),
    ],
)
def test_what_is_alarming_by_the_national_numbers(
    systolic: int, diastolic: int, alarming: bool
) -> None:
    expected = (CareAlarm.READING,) if alarming else ()
    assert alarms(pressure(systolic, diastolic)) == expected


@pytest.mark.parametrize(("glucose", "alarming"), [(3.9, True), (4.0, False), (16.7, True)])
def test_blood_glucose(glucose: float, alarming: bool) -> None:
    readings = (Reading("glucose", glucose),)
    assert bool(alarms_of(SUGAR, (), readings, WELL)) == alarming


def test_a_purpose_may_ask_for_more_than_the_general_numbers() -> None:
    assert PRESSURE.gauges["pulse"].high == 131
    assert SUGAR.gauges["pulse"].high == 101


def test_an_answer_may_be_alarming_beside_a_reading() -> None:
    found = alarms_of(PRESSURE, (), pressure(190), BAD)
    assert found == (CareAlarm.READING, CareAlarm.FINDING)


def test_own_limits_go_before_the_general_ones() -> None:
    own = OwnLimit("systolic", low=100, high=160)
    assert alarms(pressure(161), own) == (CareAlarm.READING,)
    assert alarms(pressure(100), own) == (CareAlarm.READING,)
    assert alarms(pressure(185), OwnLimit("systolic", high=200)) == ()
    assert alarms(pressure(60, 55), OwnLimit("systolic", high=200)) == ()


@pytest.mark.parametrize(
    ("readings", "checks", "code", "field"),
    [
        (pressure(301), WELL, "reading-implausible", "systolic"),
        (pressure(49, 40), WELL, "reading-implausible", "systolic"),
        (pressure(200, 201), WELL, "reading-implausible", "diastolic"),
        (pressure(120, 29), WELL, "reading-implausible", "diastolic"),
        (pressure(120, 120), WELL, "reading-not-below", "diastolic"),
        (pressure(120.5, 80), WELL, "reading-too-fine", "systolic"),
        ((*FINE, Reading("systolic", 140)), WELL, "field-twice", "systolic"),
        ((*FINE, Reading("glucose", 5)), WELL, "unknown-field", "glucose"),
        (FINE[:1], WELL, "field-missing", "diastolic"),
        (FINE, WELL[:1], "field-missing", "discomfort"),
        (FINE, (*WELL, Check("gas", "safe")), "unknown-field", "gas"),
        (FINE, (WELL[0], Check("discomfort", "fine")), "unknown-answer", "discomfort"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    readings: tuple[Reading, ...], checks: tuple[Check, ...], code: str, field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        alarms_of(PRESSURE, (), readings, checks)
    assert (refused.value.code, refused.value.details["field"]) == (code, field)
    assert field in refused.value.reason


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (OwnLimit("systolic", low=180, high=170), "limit-senseless"),
        (OwnLimit("systolic", low=170, high=170), "limit-senseless"),
        (OwnLimit("systolic", high=301), "limit-senseless"),
        (OwnLimit("systolic", low=49), "limit-senseless"),
        (OwnLimit("glucose", high=10), "unknown-field"),
    ],
)
def test_own_limits_make_sense(own: OwnLimit, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        refuse_senseless(PRESSURE, (own,))
    assert refused.value.code == code


def test_a_field_has_one_own_limit() -> None:
    own = OwnLimit("systolic", high=170)
    with pytest.raises(Rejected, match="field-twice"):
        refuse_senseless(PRESSURE, (own, own))


# --- what always holds ---------------------------------------------------------------------------

numbers = st.integers(-50, 400)


@given(numbers, numbers)
def test_only_what_can_be_is_taken(systolic: int, diastolic: int) -> None:
    can_be = 50 <= systolic <= 300 and 30 <= diastolic <= 200 and diastolic < systolic
    try:
        found = alarms(pressure(systolic, diastolic))
    except Rejected:
        assert not can_be
    else:
        assert can_be
        critical = systolic >= 180 or systolic <= 90 or diastolic >= 110 or diastolic <= 50
        assert (found == (CareAlarm.READING,)) == critical


limits = st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 10))


@given(st.integers(0, 1000).map(lambda n: n / 10), limits, limits, limits, limits)
def test_what_is_alarming_is_alarming_further_out(
    value: float,
    low: float | None,
    high: float | None,
    own_low: float | None,
    own_high: float | None,
) -> None:
    gauge = Gauge("mmol/L", 0, 100, 1, low, high)
    for own in (None, OwnLimit("x", own_low, own_high)):
        at_low, at_high = (low, high) if own is None else (own_low, own_high)
        if is_alarming(gauge, own, value):
            too_low = at_low is not None and value <= at_low + 0.05
            assert is_alarming(gauge, own, value - 1 if too_low else value + 1)
        else:
            assert at_low is None or value > at_low
            assert at_high is None or value < at_high


@given(st.integers(0, 500), st.integers(0, 2))
def test_as_many_decimals_as_the_field_has(steps: int, decimals: int) -> None:
    form = Form({"x": Gauge("", 0, 501, decimals)}, {"y": Question(("a", "b"))})
    value = steps / 10**decimals
    assert alarms_of(form, (), (Reading("x", value),), ()) == ()
    with pytest.raises(Rejected, match="reading-too-fine"):
        alarms_of(form, (), (Reading("x", value + 0.3 / 10**decimals),), ())


# --- the file ------------------------------------------------------------------------------------


def test_every_form_of_the_file_can_be_filled() -> None:
    for form in BY_PURPOSE.values():
        readings = tuple(
            Reading(name, (gauge.low or gauge.least) + 1)
            for name, gauge in form.gauges.items()
            if gauge.needed
        )
        checks = tuple(
            Check(name, question.answers[0])
            for name, question in form.questions.items()
            if question.needed
        )
        readings = tuple(
            Reading(one.field, 120) if one.field == "systolic" else one for one in readings
        )
        assert alarms_of(form, (), readings, checks) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purposes": {"x": {"name": {"zh": "一", "en": "x"}, "needed": ["ghost"]}}}, "no field"),
        (
            {"purposes": {"x": {"name": {"zh": "一", "en": "x"}, "needed": ["gas", "gas"]}}},
            "twice",
        ),
        (
            {
                "purposes": {
                    "x": {
                        "name": {"zh": "一", "en": "x"},
                        "needed": ["gas"],
                        "limits": {"gas": {"low": 1}},
                    }
                }
            },
            "not among its readings",
        ),
    ],
)
def test_a_file_that_does_not_fit_together_is_refused(changes: dict[str, Any], said: str) -> None:
    given_file = {**FORMS.model_dump(), **changes}
    with pytest.raises(ValidationError, match=said):
        Forms.model_validate(given_file)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([150, 160], "unknown"),
        ([120, 140, 145, 150], "rising"),
        ([160, 150, 140], "falling"),
        ([140, 142, 144], "steady"),
        ([140, 160, 150], "steady"),
    ],
)
def test_a_trend_is_a_hint(values: list[float], expected: str) -> None:
    assert trend(values, 10) == expected

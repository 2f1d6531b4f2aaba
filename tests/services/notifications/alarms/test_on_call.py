"""The on-call list, and the ladder that an alarm climbs."""

import pytest

from services.notifications.domain.on_call import (
    ClearOnCall,
    LearnGone,
    OnCall,
    OnCallSet,
    Rung,
    SetOnCall,
    Step,
    ladder,
    list_id,
    on_call,
)
from tests.given import NOTHING_SPECIAL as NOW
from tests.given import given

CHIEF, WANG, LIN = "chief", "wang", "lin"
RUNGS = (Rung(person=WANG, minutes=5), Rung(post="property", minutes=10))
SET = OnCallSet("c1", "danger", RUNGS, CHIEF, NOW)


def test_a_list_is_written_and_written_anew() -> None:
    other = (Rung(person=LIN),)
    given(on_call).when(SetOnCall(CHIEF, "danger", RUNGS, "c1")).then(SET).when(
        SetOnCall(LIN, "danger", other, "c1")
    ).then(OnCallSet("c1", "danger", other, LIN, NOW))


@pytest.mark.parametrize(
    ("rungs", "code"),
    [
        ((), "rungs-missing"),
        ((Rung(),), "rung-unclear"),
        ((Rung(person=WANG, post="property"),), "rung-unclear"),
        ((Rung(person=WANG), Rung(person=WANG, minutes=5)), "rung-twice"),
    ],
)
def test_what_is_no_list(rungs: tuple[Rung, ...], code: str) -> None:
    given(on_call).when(SetOnCall(CHIEF, "danger", rungs, "c1")).then_rejected(code)


def test_a_list_is_ended() -> None:
    given(on_call, SET).when(ClearOnCall(LIN)).then(OnCallSet("c1", "danger", (), LIN, NOW)).when(
        ClearOnCall(LIN)
    ).then()


def test_who_was_erased_stands_on_it_no_more() -> None:
    given(on_call, SET).when(LearnGone(LIN)).then().when(LearnGone(WANG)).then(
        OnCallSet("c1", "danger", RUNGS[1:], CHIEF, NOW)
    )


# --- the ladder ----------------------------------------------------------------------------------


def doer(place: str, duty: str) -> str | None:
    return {("c1", "property"): LIN, ("s1", "police"): None}.get((place, duty))


LISTS = {
    list_id("c1", "danger"): OnCall("c1", "danger", RUNGS),
    list_id("s1", "danger"): OnCall(
        "s1", "danger", (Rung(post="police", minutes=20), Rung(person=WANG), Rung(person=CHIEF))
    ),
    list_id(None, "platform"): OnCall(None, "platform", (Rung(person=CHIEF, minutes=3),)),
}
PATH = ("d1", "s1", "c1", "n1")


def test_it_is_the_nearest_list_and_then_those_above_each_person_once() -> None:
    assert ladder(LISTS, doer, PATH, "danger") == (
        Step("c1:1", WANG, 5),
        Step("c1:2", LIN, 10),
        Step("s1:1", None, 20),
        Step("s1:3", CHIEF, 15),
    )


def test_the_platform_has_a_list_of_its_own() -> None:
    assert ladder(LISTS, doer, (), "platform") == (Step("platform:1", CHIEF, 3),)
    assert ladder(LISTS, doer, PATH, "platform") == ()
    assert ladder(LISTS, doer, PATH, "flood") == ()

"""What was typed becomes what a body wants, or is said to be wrong."""

import pytest
from starlette.datastructures import FormData

from services.gateway.pages.staff.fields import (
    NEEDED,
    NO_CHOICE,
    NO_DAY,
    NO_MOMENT,
    NO_NUMBER,
    NO_ROW,
    NO_YUAN,
    Field,
    Kind,
    read,
)

WHAT, UNTIL = Field("what", "", most=200), Field("until", "", Kind.DAY)
STEPS = Field("follows", "后续", Kind.ROWS, required=False, columns=(WHAT, UNTIL))


@pytest.mark.parametrize(
    ("field", "said", "meant"),
    [
        (Field("it", ""), " 两边的空格 ", "两边的空格"),
        (Field("it", "", Kind.NUMBER), "3", 3),
        (Field("it", "", Kind.DECIMAL), "1.5", 1.5),
        (Field("it", "", Kind.YUAN), "1,200.50", 120_050),
        (Field("it", "", Kind.DAY), "2026-12-31", "2026-12-31"),
        (Field("it", "", Kind.END_OF_DAY), "2026-12-31", "2026-12-31T23:59:59+08:00"),
        (Field("it", "", Kind.MOMENT), "2026-12-31T09:30", "2026-12-31T09:30:00+08:00"),
        (Field("it", "", Kind.FLAG), "yes", True),
        (Field("it", "", Kind.YES_NO), "no", False),
        (Field("it", "", Kind.MANY), "一\n\n 二 ", ["一", "二"]),
        (Field("it", "", Kind.JSON), '{"a": 1}', {"a": 1}),
    ],
)
def test_a_field_means(field: Field, said: str, meant: object) -> None:
    typed = read([field], {"it": said})
    assert (typed.body, typed.wrong) == ({"it": meant}, {})


@pytest.mark.parametrize(
    ("field", "said", "wrong"),
    [
        (Field("it", ""), "  ", NEEDED),
        (Field("it", "", Kind.NUMBER), "三", NO_NUMBER),
        (Field("it", "", Kind.NUMBER), "9" * 400, NO_NUMBER),
        (Field("it", "", Kind.YUAN), "1.005", NO_YUAN),
        (Field("it", "", Kind.YUAN), "NaN", NO_YUAN),
        (Field("it", "", Kind.DAY), "2026-02-30", NO_DAY),
        (Field("it", "", Kind.END_OF_DAY), "2026-02-30", NO_DAY),
        (Field("it", "", Kind.MOMENT), "昨天", NO_MOMENT),
        (Field("it", "", Kind.CHOICE, choices=(("a", "甲"),)), "b", NO_CHOICE),
    ],
)
def test_what_is_wrong_is_said_and_shown_again(field: Field, said: str, wrong: str) -> None:
    typed = read([field], {"it": said})
    assert (typed.body, typed.wrong) == ({}, {"it": wrong})
    assert typed.values == {"it": said.strip()}


def test_what_is_optional_and_empty_is_left_out() -> None:
    fields = [Field("it", "", required=False), Field("so", "", Kind.FLAG)]
    assert read(fields, {"it": ""}).body == {}


def test_steps_are_rows_and_empty_rows_do_not_count() -> None:
    form = {"follows.1.what": "更换水管", "follows.1.until": "2026-12-31"}
    typed = read([STEPS], form)
    assert typed.body == {"follows": [{"what": "更换水管", "until": "2026-12-31"}]}


@pytest.mark.parametrize(
    "row",
    [
        {"follows.0.what": "更换水管"},
        {"follows.0.until": "2026-12-31"},
        {"follows.0.what": "更换水管", "follows.0.until": "年底"},
    ],
)
def test_a_step_has_words_and_a_day(row: dict[str, str]) -> None:
    assert read([STEPS], row).wrong == {"follows": NO_ROW}


def test_several_are_chosen() -> None:
    form = FormData([("can", "1"), ("can", "3"), ("ties", "kin"), ("ties", "")])
    fields = [Field("can", "", Kind.NUMBERS), Field("ties", "", Kind.SEVERAL)]
    typed = read(fields, form)
    assert (typed.body, typed.wrong) == ({"can": [1, 3], "ties": ["kin"]}, {})
    assert typed.values == {"can": ["1", "3"], "ties": ["kin"]}


def test_one_of_several_at_least_where_it_is_needed() -> None:
    fields = [Field("can", "", Kind.NUMBERS), Field("ties", "", Kind.SEVERAL, required=False)]
    assert read(fields, FormData([])).wrong == {"can": NO_CHOICE}
    assert read(fields, FormData([("can", "one")])).wrong == {"can": NO_NUMBER}


def test_more_rows_than_were_offered_count() -> None:
    rows = {f"follows.{n}.what": f"第 {n} 步" for n in range(5)}
    days = {f"follows.{n}.until": "2026-12-31" for n in range(5)}
    assert len(read([STEPS], {**rows, **days}).body["follows"]) == 5

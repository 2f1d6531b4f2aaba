"""The taxonomy: the shipped file, what is inherited, what changes from a date on."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from services.petitions.domain.category import Category, Retirement, Revision
from services.petitions.domain.category_commands import Settings
from services.petitions.domain.ladder import Limits, first_asked, ladder
from services.petitions.rules import SHIPPED, RulesUnusable, load_rules
from services.petitions.suggesting import Suggester, first_levels
from services.petitions.taxonomy import Taxonomy, walk
from shared.contracts.types import LEVELS, Level, PetitionKind, PlaceKind, Urgency
from shared.worktime.hours import ROUND_THE_CLOCK
from tests.given import NOTHING_SPECIAL as NOW
from tests.services.petitions.town import PATH

LATER = NOW + timedelta(days=30)
RULES = load_rules(SHIPPED)


def taxonomy(**changes: Category) -> Taxonomy:
    return Taxonomy(RULES.categories, changes)


# --- the shipped file -----------------------------------------------------------------------------


def test_three_levels_with_what_a_neighbourhood_needs() -> None:
    filed = list(walk(RULES.categories))
    depths = [one.depth for one in filed]
    assert max(depths) == 3
    assert depths.count(1) == 23
    assert depths.count(3) >= 300
    every = taxonomy()
    for one in filed:
        known = every.known(one.category.code, NOW)
        assert known is not None
        assert known.pace in RULES.paces
        assert LEVELS.index(known.lowest) <= LEVELS.index(known.highest)


def test_it_is_read_quickly() -> None:
    took = []
    for _ in range(3):  # the quickest: a full heap's garbage is not the reading's doing
        begun = time.process_time()
        load_rules(SHIPPED)
        took.append(time.process_time() - begun)
    assert min(took) < 0.3


def test_what_a_category_leaves_open_is_as_with_the_one_above() -> None:
    every = taxonomy()
    sewer, backflow = every.known("drainage-sewer", NOW), every.known("drainage-backflow", NOW)
    assert sewer is not None
    assert backflow is not None
    assert sewer.path == ("drainage", "drainage-blocked", "drainage-sewer")
    assert (sewer.duty, sewer.pace) == ("utilities", "everyday")
    assert (backflow.duty, backflow.pace) == ("utilities", "emergency")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            (
                "categories: [{code: a, name: {zh: 甲, en: A}, duty: d, pace: everyday, "
                "parts: [{code: a, name: {zh: 乙, en: B}}]}]"
            ),
            "categories.0.parts.0.code: 'a' is there twice",
        ),
        ("categories: [{code: a, name: {zh: 甲, en: A}}]", "categories.0.duty: missing"),
        (
            (
                "categories: [{code: a, name: {zh: 甲, en: A}, duty: d, pace: everyday, "
                "levels: {lowest: street, highest: area}}]"
            ),
            "categories.0.levels: the lowest level lies above the highest",
        ),
        (
            (
                "categories: [{code: a, name: {zh: 甲, en: A}, duty: d, pace: everyday, "
                "parts: [{code: b, name: {zh: 乙, en: B}, pace: slow}]}]"
            ),
            "categories.0.parts.0.pace: there is no pace 'slow'",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesUnusable) as error:
        load_rules(file)
    assert f"{file}: {told}" in str(error.value)


# --- whom to ask ----------------------------------------------------------------------------------

PLACES = [(Level(kind), code) for kind, code in zip(reversed(LEVELS), PATH, strict=True)]


def test_no_level_below_the_lowest_is_asked() -> None:
    asked = Limits(duties=("labour",), lowest=Level.STREET)
    assert [rung.level for rung in ladder(PLACES, asked, lambda _p, _d: None)] == [
        Level.STREET,
        Level.DISTRICT,
    ]
    low = [place for place in PLACES if place[0] is not Level.DISTRICT]
    only = ladder(low, Limits(duties=("law",), lowest=Level.DISTRICT), lambda _p, _d: None)
    assert [rung.level for rung in only] == [Level.STREET]


def test_above_the_highest_nobody_is_asked_first() -> None:
    held = ladder(
        PLACES,
        Limits(duties=("mediation",)),
        lambda place, _d: "zhao" if place == PATH[1] else None,
    )
    assert first_asked(held).level is Level.STREET
    assert first_asked(held, Level.COMMUNITY).level is Level.NEIGHBOURHOOD


def test_a_department_answers_from_the_street_up() -> None:
    asked = Limits(duties=("utilities",), department="health")
    rungs = ladder(PLACES, asked, lambda _place, duty: f"of-{duty}")
    assert [rung.duty for rung in rungs] == ["utilities"] * 3 + ["health"] * 2


# --- changes --------------------------------------------------------------------------------------


def test_a_revision_holds_from_its_date_on_and_below_it_too() -> None:
    blocked = Category(
        "drainage-blocked",
        None,
        1,
        (Revision(1, LATER, Settings(duty="property", pace="lengthy")),),
    )
    every = taxonomy(**{"drainage-blocked": blocked})
    before, after = every.known("drainage-sewer", NOW), every.known("drainage-sewer", LATER)
    assert before is not None
    assert after is not None
    assert (before.duty, before.pace, before.version) == ("utilities", "everyday", (0, 0, 0))
    assert (after.duty, after.pace, after.version) == ("property", "lengthy", (0, 1, 0))
    backflow = every.known("drainage-backflow", LATER)
    assert backflow is not None
    assert backflow.pace == "emergency"


def test_own_deadlines_are_promised_and_a_pace_below_comes_before_them() -> None:
    deadlines = {urgency: dict.fromkeys(LEVELS, "PT5H") for urgency in Urgency}
    blocked = Category(
        "drainage-blocked", None, 1, (Revision(1, NOW, Settings(deadlines=deadlines)),)
    )
    every = taxonomy(**{"drainage-blocked": blocked})
    sewer, backflow = every.known("drainage-sewer", NOW), every.known("drainage-backflow", NOW)
    assert sewer is not None
    assert backflow is not None
    limits = RULES.limits(sewer, Urgency.NORMAL, ROUND_THE_CLOCK)
    assert set(limits.answer.values()) == {timedelta(hours=5)}
    emergency = RULES.limits(backflow, Urgency.NORMAL, ROUND_THE_CLOCK)
    assert emergency.answer[Level.NEIGHBOURHOOD] == timedelta(hours=2)


def test_a_new_category_is_there_from_its_day_on() -> None:
    grease = Category(
        "grease",
        "drainage-blocked",
        1,
        (Revision(1, LATER, Settings(zh="油污", en="Grease", highest=Level.AREA)),),
    )
    every = taxonomy(grease=grease)
    assert every.known("grease", NOW) is None
    known = every.known("grease", LATER)
    assert known is not None
    assert known.path == ("drainage", "drainage-blocked", "grease")
    assert (known.zh, known.duty, known.highest) == ("油污", "utilities", Level.AREA)
    assert list(every.codes())[-1] == "grease"


def test_what_ends_takes_what_is_below_along() -> None:
    ends = Category("drainage", None, 1, (), Retirement(1, LATER, "utilities"))
    every = taxonomy(drainage=ends)
    before, after = every.known("drainage-sewer", NOW), every.known("drainage-sewer", LATER)
    assert before is not None
    assert after is not None
    assert before.open
    assert (after.open, after.successor) == (False, "utilities")


def test_a_running_petition_is_asked_of_those_it_was_promised_to() -> None:
    kinds = dict(zip(PATH, map(PlaceKind, reversed(LEVELS)), strict=True))
    known = taxonomy().known("drainage-sewer", NOW)
    kept = Limits(duties=("old-duty",), lowest=Level.COMMUNITY)
    facts = RULES.surroundings(
        "p1", known, Urgency.NORMAL, PATH, kinds.get, lambda _place, _duty: None, kept
    )
    assert {rung.duty for rung in facts.rungs} == {"old-duty"}
    assert facts.rungs[0].level is Level.COMMUNITY


# --- suggestions ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester(RULES.categories)


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("下水道堵了", "污水流到路上三天了", "drainage-sewer"),
        ("公司拖欠工資", "我們三個月不發工資", "wage-arrears"),
        ("楼下飞线充电", "电瓶车拉线到二楼", "charging-upstairs"),
        ("遛狗不牵绳", "小区里大狗吓到孩子", "dog-leash"),
    ],
)
def test_a_category_is_suggested_with_the_words_that_speak_for_it(
    suggester: Suggester, title: str, text: str, code: str
) -> None:
    best, *_ = suggester.suggest(title, text, 3)
    assert best.code == code
    assert best.score == 1.0
    assert best.why


def test_where_no_word_is_known_nothing_is_suggested(suggester: Suggester) -> None:
    assert suggester.suggest("zzz", "", 5) == []


def test_first_levels_are_known_of_all() -> None:
    roots = first_levels(RULES.categories)
    assert roots["drainage-sewer"] == "drainage"
    assert set(roots.values()) == {category.code for category in RULES.categories}


def test_a_category_may_take_some_kinds_only() -> None:
    bribery = taxonomy().known("bribery", NOW)
    assert bribery is not None
    assert PetitionKind.REPORT in bribery.kinds
    assert PetitionKind.SUGGESTION not in bribery.kinds

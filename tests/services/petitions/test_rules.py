"""The numbers of the business: the shipped file, a city's own, and what a bad one is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.petitions.domain.petition import due, petition
from services.petitions.domain.taxonomy import KnownCategory
from services.petitions.rules import SHIPPED, Rules, RulesUnusable, load_rules
from services.petitions.taxonomy import Taxonomy
from shared.contracts.types import LEVELS, Level, PlaceKind, Urgency
from shared.runtime.aggregate import Tick
from shared.worktime.hours import ROUND_THE_CLOCK, WorkingHours
from tests.given import given
from tests.services.petitions.town import FILE, MONDAY, PATH

KINDS = dict(
    zip(
        PATH,
        (
            PlaceKind.DISTRICT,
            PlaceKind.STREET,
            PlaceKind.COMMUNITY,
            PlaceKind.AREA,
            PlaceKind.NEIGHBOURHOOD,
        ),
        strict=True,
    )
)


def known(rules: Rules, code: str) -> KnownCategory:
    """A category of the file."""
    found = Taxonomy(rules.categories, {}).known(code, MONDAY)
    assert found is not None
    return found


@pytest.fixture
def write(tmp_path: Path):
    """Writes a rules file and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "city.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


# --- the shipped file -----------------------------------------------------------------------------


def test_the_shipped_rules_are_whole() -> None:
    rules = load_rules(SHIPPED)
    assert 20 <= len(rules.categories) <= 30
    names = [name for c in rules.categories for name in (c.name.zh, c.name.en, *c.also)]
    assert len(names) == len(set(names))
    for category in rules.categories:
        for urgency in Urgency:
            limits = rules.limits(known(rules, category.code), urgency, rules.calendar(()).hours)
            assert list(limits.answer) == list(LEVELS)
            assert list(limits.answer.values()) == sorted(limits.answer.values())


def test_what_is_urgent_is_answered_sooner() -> None:
    rules = load_rules(SHIPPED)
    hours = rules.calendar(()).hours
    for category in rules.by_code:
        normal = rules.limits(known(rules, category), Urgency.NORMAL, hours)
        urgent = rules.limits(known(rules, category), Urgency.URGENT, hours)
        for level in LEVELS:
            assert urgent.answer[level] < normal.answer[level]


@pytest.mark.parametrize(
    "name",
    [
        "城乡建设",
        "环境保护",
        "交通运输",
        "教育文体",
        "劳动和社会保障",
        "商贸旅游",
        "卫生计生",
    ],
)
def test_the_names_of_public_data_lead_to_a_category(name: str) -> None:
    rules = load_rules(SHIPPED)
    assert rules.by_name[name].code in rules.by_code


def test_a_day_is_a_working_day_and_the_follow_up_runs_on_the_wall() -> None:
    rules = load_rules(SHIPPED)
    sanitation = known(rules, "sanitation")
    office = rules.limits(sanitation, Urgency.NORMAL, rules.calendar(()).hours)
    watch = rules.limits(sanitation, Urgency.NORMAL, ROUND_THE_CLOCK)
    assert office.answer[Level.NEIGHBOURHOOD] == timedelta(hours=14)
    assert watch.answer[Level.NEIGHBOURHOOD] == timedelta(hours=48)
    assert office.follow_up == timedelta(days=7)


def test_the_fittest_duty_is_asked_first() -> None:
    rules = load_rules(SHIPPED)
    assert rules.duties(known(rules, "sanitation")) == ("sanitation", "petitions")
    assert rules.duties(known(rules, "other")) == ("petitions",)


# --- a city's own file ----------------------------------------------------------------------------


def test_limits_of_seconds_round_the_clock_simply_work(write) -> None:
    rules = load_rules(
        write(
            """
            hours: {default: round-the-clock}
            follow_up: PT10S
            paces:
              everyday: &quick {normal: PT4S, urgent: PT2.5S}
              lengthy: *quick
              emergency: *quick
            """
        )
    )
    facts = rules.surroundings(
        "p1",
        known(rules, FILE.category),
        FILE.urgency,
        PATH,
        KINDS.get,
        lambda _place, _duty: "somebody",
    )
    past = given(petition).when(FILE, at=MONDAY, facts=facts)
    state = past.then(*past.events).state
    assert state.warn_at == MONDAY + timedelta(seconds=3)
    assert state.answer_by == MONDAY + timedelta(seconds=4)
    climbed = given(petition, *past.events).when(Tick(), at=state.answer_by, facts=facts)
    state = climbed.then(*climbed.events).state
    assert (state.level, state.answer_by) == (Level.AREA, MONDAY + timedelta(seconds=8))
    assert due(state) == MONDAY + timedelta(seconds=7)
    assert len(rules.categories) == len(load_rules(SHIPPED).categories)


def test_a_place_has_its_own_hours_or_those_of_the_nearest_place_above(write) -> None:
    rules = load_rules(
        write(
            """
            hours:
              default: {spans: ["09:00-17:00"]}
              places:
                luoxing: {days: every, spans: ["08:00-20:00"]}
                banyan: round-the-clock
            """
        )
    )
    assert rules.calendar(("mawei",)).hours.a_day == timedelta(hours=8)
    assert rules.calendar(PATH[:3]).hours.a_day == timedelta(hours=12)
    assert rules.calendar(PATH[:3]).hours.every_day
    assert rules.calendar(PATH).hours.round_the_clock


def test_places_that_are_no_level_are_no_rungs() -> None:
    kinds = {**KINDS, "block-25": PlaceKind.BUILDING, "grid-3": PlaceKind.GRID}
    rules = load_rules(SHIPPED)
    facts = rules.surroundings(
        "p1",
        known(rules, "sanitation"),
        Urgency.NORMAL,
        (*PATH, "grid-3", "block-25"),
        kinds.get,
        lambda _place, _duty: None,
    )
    assert [rung.place for rung in facts.rungs] == list(reversed(PATH))


def test_the_setting_names_the_file(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINLIN_PETITION_RULES", str(write("reopenings: 1")))
    assert load_rules().reopenings == 1
    monkeypatch.delenv("JINLIN_PETITION_RULES")
    assert load_rules().reopenings == 2


# --- a bad file -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("follow_up: a week", "follow_up: expected an ISO 8601 duration"),
        ("follow_up: P0D", "follow_up: expected a duration above zero"),
        ("follow_up: P1M", "follow_up: expected an ISO 8601 duration"),
        ("warn_share: 1.5", "warn_share: "),
        ("warnshare: 0.5", "warnshare: "),
        ("hours: {default: {spans: [8-12]}}", "hours.default.spans.0: expected a span"),
        (
            'hours: {default: {spans: ["12:00-08:00"]}}',
            "hours.default: spans of working hours lie within a day",
        ),
        ('hours: {default: {spans: ["08:00-24:30"]}}', "hours.default: spans"),
        ("hours: {default: {spans: []}}", "hours.default.spans: "),
        (
            "paces: {everyday: {normal: PT1H}}",
            "paces.everyday.urgent.neighbourhood: missing",
        ),
        (
            "paces: {everyday: {normal: {street: soon}}}",
            "paces.everyday.normal.street: expected an ISO 8601 duration",
        ),
        (
            "categories: [{code: x, name: {zh: 某, en: X}, duty: d, pace: slow}]",
            "categories.0.pace: there is no pace 'slow'",
        ),
        (
            "categories: [{code: Big X, name: {zh: 某, en: X}, duty: d, pace: everyday}]",
            "categories.0.code: ",
        ),
        ("- a list", "expected a mapping"),
        ("a: [", "while parsing"),
    ],
)
def test_an_error_names_the_file_and_the_field(write, text: str, told: str) -> None:
    path = write(text)
    with pytest.raises(RulesUnusable) as error:
        load_rules(path)
    assert f"{path}: {told}" in str(error.value)


def test_all_errors_are_told_at_once(write) -> None:
    with pytest.raises(RulesUnusable) as error:
        load_rules(write("follow_up: soon\nreopenings: -1"))
    assert len(str(error.value).splitlines()) == 2


def test_a_file_that_is_not_there_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JINLIN_PETITION_RULES", "/nowhere/rules.yaml")
    with pytest.raises(RulesUnusable, match=r"JINLIN_PETITION_RULES.*'/nowhere/rules.yaml'"):
        load_rules()


def test_hours_that_a_place_tells_itself_go_before_those_of_the_file() -> None:
    rules = load_rules()
    morning = WorkingHours(((timedelta(hours=8), timedelta(hours=12)),))
    told = {"community": morning}
    assert rules.calendar(("district", "community", "grid"), told.get).hours is morning
    assert rules.calendar(("district", "grid"), told.get) is rules.calendar(())

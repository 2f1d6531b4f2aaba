"""The words: complete in every language, filled without a gap, for every event that tells."""

from collections.abc import Iterator

import pytest
import yaml
from jinja2 import meta

from services.notifications.domain.audience import who_must_know
from services.notifications.domain.kind_rule import Words
from services.notifications.domain.preferences.state import Tongue
from services.notifications.domain.telling import Telling
from services.notifications.kinds import kinds_in_use
from services.notifications.traditional import SIMPLIFIED, TRADITIONAL, traditional
from services.notifications.wording import (
    ENVIRONMENT,
    TEMPLATES,
    NotRenderable,
    Wording,
    compiled,
    fill,
    tongue,
    wording,
)
from services.petitions.rules import load_rules
from shared.contracts.envelope import event_in, parse
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from tests.architecture.modules import ROOT
from tests.services.notifications.telling import CASES

SAMPLES = ROOT / "shared/contracts/samples"
TELLINGS: list[Telling] = [telling for event, _ in CASES for telling in who_must_know(event)]
PLACES = {"area-1": KnownPlace(name="东片区"), "gl": KnownPlace(name="鼓楼区")}
TONGUES = list(Tongue)
MADE_HERE = {"digest", "address-code-sent"}
"""Kinds that no event tells of by itself."""


@pytest.mark.parametrize("spoken", TONGUES)
@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.kind)
def test_every_telling_can_be_said(telling: Telling, spoken: Tongue) -> None:
    rendered = wording(spoken).render(telling.kind, telling.params, PLACES)
    assert rendered.title
    assert rendered.body
    assert "{" not in rendered.title + rendered.body


def golden() -> Iterator[Telling]:
    """What every golden sample of an event tells, as its emitter really sent it."""
    for file in sorted(SAMPLES.glob("*/*.json")):
        event = event_in(parse(file.read_bytes()))
        if event is not None:
            yield from who_must_know(event)


@pytest.mark.parametrize("spoken", TONGUES)
def test_what_every_golden_sample_tells_can_be_said(spoken: Tongue) -> None:
    said = [wording(spoken).render(one.kind, one.params, {}) for one in golden()]
    assert len(said) > 200
    assert all(one.title and one.body for one in said)


@pytest.mark.parametrize("spoken", TONGUES)
def test_no_template_is_left_over(spoken: Tongue) -> None:
    told = {telling.kind for telling in TELLINGS}
    assert set(wording(spoken).messages) == told | MADE_HERE == set(kinds_in_use().rules)


def variables(words: Words) -> set[str]:
    """What the templates of a kind want."""
    whole = " ".join((words.title, words.body, words.short))
    return meta.find_undeclared_variables(ENVIRONMENT.parse(whole))


@pytest.mark.parametrize("spoken", TONGUES)
def test_templates_want_only_what_every_telling_of_their_kind_has(spoken: Tongue) -> None:
    for telling in TELLINGS:
        assert variables(wording(spoken).messages[telling.kind]) <= telling.params.keys()


@pytest.mark.parametrize("spoken", TONGUES)
def test_every_kind_can_be_said_with_its_sample(spoken: Tongue) -> None:
    kinds = kinds_in_use()
    for kind in kinds.rules:
        rendered = wording(spoken).render(kind, kinds.sample(kind), {})
        assert rendered.title.strip()
        assert rendered.body.strip()


@pytest.mark.parametrize("spoken", TONGUES)
def test_every_level_category_duty_and_outcome_has_a_name(spoken: Tongue) -> None:
    words = wording(spoken)
    rules = load_rules()
    assert set(words.names("levels")) == set(Level)
    assert set(words.names("categories")) >= {category.code for category in rules.categories}
    assert set(words.names("duties")) >= set(rules.offices)
    assert set(words.names("outcomes")) == {"solved", "rated", "unrated", "withdrawn", "reviewed"}
    assert set(words.names("reasons")) >= {"relieved", "replaced", "term-ended"}


def test_all_files_name_the_same_things_and_want_the_same() -> None:
    files = [yaml.safe_load((TEMPLATES / f"{one.value}.yaml").read_text("utf-8")) for one in Tongue]
    first = files[0]
    for other in files[1:]:
        assert other.keys() == first.keys()
        for part, named in first.items():
            if isinstance(named, dict):
                assert other[part].keys() == named.keys()
    for kind in first["messages"]:
        wanted = [variables(wording(one).messages[kind]) for one in Tongue]
        assert wanted[0] == wanted[1], kind  # the English may leave a word out


def test_the_traditional_file_is_made_from_the_simplified_one() -> None:
    made = traditional(SIMPLIFIED.read_text(encoding="utf-8"))
    assert TRADITIONAL.read_text(encoding="utf-8") == made, (
        "zh-Hant.yaml differs: python -m services.notifications.traditional"
    )
    assert {"網格員", "社區", "訴求", "發布"} <= {
        word for word in ("網格員", "社區", "訴求", "發布", "社群") if word in made
    }
    assert "社群" not in made


def test_times_are_the_citys_places_have_names_and_codes_words() -> None:
    params = {
        "petition": "0195f00000000000000000000000abcd",
        "level": "area",
        "place": "area-1",
        "answer_by": "2025-03-03T04:05:00Z",
    }
    zh = wording(Tongue.HANS).render("petition-climbed", params, PLACES)
    assert "东片区（片区级）" in zh.body
    assert "2025年3月3日 12:05" in zh.body
    assert "0000abcd" in zh.body
    hant = wording(Tongue.HANT).render("petition-climbed", params, PLACES)
    assert "東" not in hant.body  # a place's name is as the place has it
    assert "片區級" in hant.body
    en = wording(Tongue.ENGLISH).render("petition-climbed", params, {})
    assert "area-1 (level area)" in en.body
    assert "2025-3-3 12:05" in en.body


def test_a_digest_counts_by_topic_in_words() -> None:
    params = {"count": "7", "topics": "petitions=5 volunteering=2"}
    zh = wording(Tongue.HANS).render("digest", params, {})
    assert "诉求 5 条、志愿服务 2 条" in zh.body
    assert (
        "petitions 5, volunteering 2" in wording(Tongue.ENGLISH).render("digest", params, {}).body
    )


def test_a_gap_is_an_error() -> None:
    with pytest.raises(NotRenderable):
        wording(Tongue.HANS).render("petition-climbed", {"petition": "p1"}, {})
    with pytest.raises(NotRenderable):
        wording(Tongue.HANS).render("no-such-kind", {}, {})
    with pytest.raises(NotRenderable, match="is no time"):
        wording(Tongue.HANS).render("wish-yours", {"wish": "w", "place": "p", "until": "soon"}, {})
    with pytest.raises(NotRenderable):
        fill("{% if gone %}x{% endif %}", {"a": "x"})


@pytest.mark.parametrize(
    "template",
    [
        "{{ a.__class__ }}",
        "{{ a[0] }}",
        "{{ a|upper }}",
        "{{ a() }}",
        "{{ range(9) }}",
        "{{ a ~ a }}",
        "{{ a * 99999999 }}",
        "{% for x in a %}{{ x }}{% endfor %}",
        "{% set b = a %}",
        "{% include 'other' %}",
        "{% macro m() %}{% endmacro %}",
        "{{",
        "{{ }}",
        "{% if a %}",
    ],
)
def test_templates_have_variables_and_if_only(template: str) -> None:
    with pytest.raises(NotRenderable):
        compiled(template)


def test_a_template_may_say_one_thing_or_another() -> None:
    template = "{% if stars == '5' %}best{% else %}{{ stars }} of 5{% endif %}"
    assert [fill(template, {"stars": stars}) for stars in ("5", "3")] == ["best", "3 of 5"]


@pytest.mark.parametrize("template", ["a {{ x }} b", "{% if x %}{{ x }}{% endif %}"])
def test_a_value_is_never_read_as_a_template(template: str) -> None:
    assert "{{ petition }}" in fill(template, {"x": "{{ petition }}"})


def test_both_ways_of_filling_say_the_same() -> None:
    for kind, words in wording(Tongue.ENGLISH).messages.items():
        sample = kinds_in_use().sample(kind)
        assert fill(words.body, sample) == ENVIRONMENT.from_string(words.body).render(sample)


def test_own_words_take_the_place_of_the_shipped_ones() -> None:
    own = Words("{{ stars }}!", "{{ petition }}", "short {{ stars }}")
    rendered = wording(Tongue.HANS).render("duty-rated", {"petition": "p1", "stars": "5"}, {}, own)
    assert (rendered.title, rendered.body, rendered.short) == ("5!", "p1", "short 5")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Tongue.ENGLISH),
        ("", Tongue.ENGLISH),
        ("fr", Tongue.ENGLISH),
        ("zh-CN,zh;q=0.9,en;q=0.8", Tongue.HANS),
        ("zh", Tongue.HANS),
        ("zh-TW", Tongue.HANT),
        ("zh-Hant-HK, en;q=0.5", Tongue.HANT),
        ("zh-Hans-MO", Tongue.HANS),
        ("en-GB, zh;q=0.9", Tongue.ENGLISH),
        ("en;q=0.2, zh-HK;q=0.3", Tongue.HANT),
        ("zh;q=oops, en;q=0.1", Tongue.ENGLISH),
    ],
)
def test_the_language_asked_for(header: str | None, expected: Tongue) -> None:
    assert tongue(header) is expected


def test_a_file_with_a_gap_does_not_pass_for_a_language() -> None:
    with pytest.raises(KeyError):
        Wording({"messages": {"k": {"title": "t"}}, "time": ""})

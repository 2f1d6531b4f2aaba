"""The words: complete in both languages, filled without a gap."""

from string import Formatter

import pytest
import yaml

from services.notifications.domain.audience import who_must_know
from services.notifications.domain.telling import Telling
from services.notifications.own_words import OWN_WORDS
from services.notifications.wording import (
    FILES,
    TEMPLATES,
    NotRenderable,
    Wording,
    fill,
    wording,
)
from services.petitions.rules import load_rules
from shared.contracts.types import Level
from shared.neighbourhood.place import KnownPlace
from shared.runtime.problems import Language
from tests.services.notifications.telling import CASES

OWN = {"title": "台风红色预警", "body": "今晚请勿外出。", "place": "gl"}
TELLINGS: list[Telling] = [telling for event, _ in CASES for telling in who_must_know(event)]
TELLINGS += [Telling("wang", kind, OWN) for kind in sorted(OWN_WORDS)]
PLACES = {"area-1": KnownPlace(name="东片区"), "gl": KnownPlace(name="鼓楼区")}
LANGUAGES: list[Language] = ["zh", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("telling", TELLINGS, ids=lambda telling: telling.kind)
def test_every_telling_can_be_said(telling: Telling, language: Language) -> None:
    rendered = wording(language).render(telling.kind, telling.params, PLACES)
    assert rendered.title
    assert rendered.body
    assert "{" not in rendered.title + rendered.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_is_left_over(language: Language) -> None:
    assert set(wording(language).messages) == {telling.kind for telling in TELLINGS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_want_only_what_every_telling_of_their_kind_has(language: Language) -> None:
    for telling in TELLINGS:
        template = wording(language).messages[telling.kind]
        wanted = {
            name
            for text in template.values()
            for _, name, _, _ in Formatter().parse(text)
            if name is not None
        }
        assert wanted <= telling.params.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_category_duty_and_outcome_has_a_name(language: Language) -> None:
    words = wording(language)
    rules = load_rules()
    assert set(words.names("levels")) == set(Level)
    assert set(words.names("categories")) >= {category.code for category in rules.categories}
    assert set(words.names("duties")) >= set(rules.offices)
    assert set(words.names("outcomes")) == {"solved", "rated", "unrated", "withdrawn", "reviewed"}
    assert set(words.names("reasons")) >= {"relieved", "replaced", "term-ended"}


def test_both_files_name_the_same_things() -> None:
    zh, en = (yaml.safe_load((TEMPLATES / file).read_text("utf-8")) for file in FILES.values())
    assert {part: set(zh[part]) for part in zh if part != "time"} == {
        part: set(en[part]) for part in en if part != "time"
    }


def test_times_are_the_citys_places_have_names_and_codes_words() -> None:
    params = {
        "petition": "0195f00000000000000000000000abcd",
        "level": "area",
        "place": "area-1",
        "answer_by": "2025-03-03T04:05:00Z",
    }
    zh = wording("zh").render("petition-climbed", params, PLACES)
    assert "东片区（片区级）" in zh.body
    assert "2025年3月3日 12:05" in zh.body
    assert "0000abcd" in zh.body
    en = wording("en").render("petition-climbed", params, {})
    assert "area-1 (level area)" in en.body
    assert "2025-3-3 12:05" in en.body


def test_a_gap_is_an_error() -> None:
    with pytest.raises(NotRenderable):
        wording("zh").render("petition-climbed", {"petition": "p1"}, {})
    with pytest.raises(NotRenderable):
        wording("zh").render("no-such-kind", {}, {})


@pytest.mark.parametrize("template", ["{a.__class__}", "{a[0]}", "{a!r}", "{a:>9}", "{", "{}"])
def test_templates_have_plain_placeholders_only(template: str) -> None:
    with pytest.raises(NotRenderable):
        fill(template, {"a": "x"})


def test_a_value_is_never_read_as_a_template() -> None:
    words = Wording({"messages": {"k": {"title": "t", "body": "{place}"}}, "time": ""})
    assert words.render("k", {"place": "{petition}"}, {}).body == "{petition}"

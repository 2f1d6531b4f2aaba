"""The forms of verbs are held to the commands that they become."""

from collections.abc import Mapping

import pytest

from services.community.api.alliances import alliances_api, check_ins_api
from services.community.api.organisations import organisations_api
from services.community.api.places import places_api
from services.community.api.posts import posts_api
from services.community.api.residents import residents_api
from services.community.api.rota import rotas_api
from services.gateway.pages.staff.register_words import HAPPENED, VERBS
from services.gateway.pages.staff.registers import REGISTERS
from services.gateway.pages.staff.verbs import FORMS, GROUPS
from services.notifications.api.alarms import alarms_api
from services.notifications.api.broadcasts import broadcasts_api
from services.notifications.api.rules import rules_api
from services.petitions.api.categories import categories_api
from services.petitions.api.petitions import petitions_api
from services.subscriptions.api import APIS
from services.volunteering.api.orders import orders_api
from shared.runtime.api import AggregateApi
from shared.runtime.bodies import CommandBody

KEPT: Mapping[str, AggregateApi] = {
    api.collection: api
    for api in (
        orders_api,
        broadcasts_api,
        rotas_api,
        alarms_api,
        rules_api,
        places_api,
        posts_api,
        organisations_api,
        residents_api,
        check_ins_api,
        alliances_api,
        categories_api,
        *APIS,
    )
}


def test_every_verb_of_a_petition_has_a_form() -> None:
    assert set(FORMS) == set(petitions_api.verbs)


@pytest.mark.parametrize("verb", sorted(FORMS))
def test_a_form_has_the_fields_of_its_command(verb: str) -> None:
    schema, _ = CommandBody(petitions_api.verbs[verb].command).schema()
    fields = {field.name: field for field in FORMS[verb].fields}
    assert set(fields) == set(schema.get("properties", {}))
    needed = set(schema.get("required", ()))
    assert {name for name, field in fields.items() if field.required} == needed


def test_every_form_stands_in_a_group() -> None:
    assert {form.group for form in FORMS.values()} <= set(GROUPS)


@pytest.mark.parametrize("name", sorted({*REGISTERS, *VERBS}))
def test_every_verb_of_a_register_has_words(name: str) -> None:
    assert set(VERBS[name]) == set(KEPT[name].verbs)


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_every_beginning_of_a_register_has_words(name: str) -> None:
    create = KEPT[name].create
    assert create is None or create.command.verb in HAPPENED


def test_what_a_broadcast_says_is_a_list_by_language() -> None:
    form = REGISTERS["broadcasts"].forms["revise"]
    typed = {"title": "停水", "body": "今晚停水。", "group": "residents", "hours": 24}
    assert form.body(typed) == {
        "words": [{"language": "zh-Hans", "title": "停水", "body": "今晚停水。"}],
        "group": "residents",
        "hours": 24,
    }
    both = form.body({**typed, "title_en": "No water", "body_en": "Tonight."})
    assert [one["language"] for one in both["words"]] == ["zh-Hans", "en"]

"""Preferences over HTTP: everybody's own, and their addresses."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from services.notifications.domain.preferences.address_commands import (
    AskCode,
    ConfirmAddress,
    GiveEmail,
    GivePhone,
    GivePush,
    RemoveAddress,
)
from services.notifications.domain.preferences.choices import (
    ChooseLanguage,
    ChooseWays,
    MuteCase,
    ResumeWay,
    SetDigest,
    SetQuietHours,
    StopWay,
    UnmuteCase,
)
from services.notifications.domain.preferences.preferences import OpenPreferences, preferences
from services.notifications.domain.preferences.state import Preferences
from shared.runtime.api import AggregateApi, Create, Dossier, Verb, aggregate_api, all_fields
from shared.runtime.identity import Caller
from shared.runtime.own_data import Held
from shared.runtime.policies import anyone, owner
from shared.runtime.queries import Queries

the_person = owner("person")


def shown_entry(
    name: str, data: Mapping[str, Any], _state: Preferences, _caller: Caller
) -> Mapping[str, Any] | None:
    """An address as the person sees it; of a browser its provider only, for the rest is a key. What
    was taken back is not shown.
    """
    if not any(data.values()):
        return None
    if name == "PushGiven":
        return {"provider": urlsplit(data["endpoint"]).hostname}
    return data


def shown(state: Preferences, caller: Caller) -> Mapping[str, Any]:
    """All of it, with plain names of topics and ways."""
    named = {
        field: {key.value: value for key, value in getattr(state, field).items()}
        for field in ("ways", "addresses", "consents")
    }
    return {**all_fields(state, caller), **named}


preferences_api = aggregate_api(
    preferences,
    collection="preferences",
    tag="Preferences",
    create=Create(OpenPreferences, may=anyone, id=lambda command: command.by),
    verbs={
        "choose-language": Verb(ChooseLanguage, may=the_person),
        "choose-ways": Verb(ChooseWays, may=the_person),
        "stop-way": Verb(StopWay, may=the_person),
        "resume-way": Verb(ResumeWay, may=the_person),
        "set-quiet-hours": Verb(SetQuietHours, may=the_person),
        "set-digest": Verb(SetDigest, may=the_person),
        "mute": Verb(MuteCase, may=the_person),
        "unmute": Verb(UnmuteCase, may=the_person),
        "give-email": Verb(GiveEmail, may=the_person),
        "give-phone": Verb(GivePhone, may=the_person),
        "give-push": Verb(GivePush, may=the_person),
        "ask-code": Verb(AskCode, may=the_person),
        "confirm": Verb(ConfirmAddress, may=the_person),
        "remove-address": Verb(RemoveAddress, may=the_person),
    },
    see=the_person,
    shown=shown,
    dossier=Dossier(the_person, subject="person", shown=shown_entry),
)

APIS: tuple[AggregateApi, ...] = (preferences_api,)
QUERIES: tuple[Queries, ...] = ()
HELD = (Held(preferences_api, "_id"),)

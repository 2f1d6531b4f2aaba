"""What is told of the world to the rules of webhooks: of the places that somebody names."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from services.subscriptions.domain.webhooks.webhook import Surroundings, webhook
from services.subscriptions.domain.webhooks.webhook_commands import Create, Edit
from services.subscriptions.domain.webhooks.webhook_state import Webhook
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (partial(Copy, webhook),)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]

    def around(id: str, command: Command, state: Webhook, _now: datetime) -> Surroundings:
        match command:
            case Create(places=named, within=within):
                return Surroundings(id, _unknown(named, places), _outside(named, within, places))
            case Edit(places=named, url=url):
                named, within = named or (), state.within
                return Surroundings(
                    id,
                    _unknown(named, places),
                    _outside(named, within, places),
                    None if url is None else host_of(url),
                )
        return Surroundings(id)

    return {webhook.kind: around}


def host_of(url: str) -> str:
    """The host of an address that was looked at before."""
    return urlsplit(url).hostname or ""


def _unknown(named: tuple[str, ...], places: Mapping[str, KnownPlace]) -> tuple[str, ...]:
    return tuple(code for code in named if code not in places)


def _outside(
    named: tuple[str, ...], within: tuple[str, ...], places: Mapping[str, KnownPlace]
) -> tuple[str, ...]:
    if not within:
        return ()
    return tuple(
        code
        for code in named
        if (place := places.get(code)) is not None and not set(within) & {code, *place.path}
    )

"""The rules of notifications: what a message is, and who must know."""

from typing import Any

from services.notifications.domain import addressee, message, spokespeople
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (
    message.message,
    addressee.addressee,
    spokespeople.spokespeople,
)

"""The rules of notifications: what a message is, and who must know."""

from typing import Any

from services.notifications.domain import (
    addressee,
    alarm,
    broadcast,
    gathering,
    message,
    on_call,
    roll,
    spokespeople,
)
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (
    message.message,
    addressee.addressee,
    spokespeople.spokespeople,
    broadcast.broadcast,
    roll.roll,
    gathering.gathering,
    on_call.on_call,
    alarm.alarm,
)

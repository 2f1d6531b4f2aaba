"""The rules of notifications: what a message is, and who must know."""

from typing import Any

from services.notifications.domain import (
    addressee,
    alarm,
    broadcast,
    gathering,
    group_robot,
    kind_rule,
    message,
    on_call,
    roll,
    spokespeople,
)
from services.notifications.domain.preferences import preferences
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (
    message.message,
    addressee.addressee,
    spokespeople.spokespeople,
    preferences.preferences,
    kind_rule.kind_rule,
    group_robot.group_robot,
    broadcast.broadcast,
    roll.roll,
    gathering.gathering,
    on_call.on_call,
    alarm.alarm,
)

"""The rules of notifications: what a message is, and who must know."""

from typing import Any

from services.notifications.domain import (
    addressee,
    group_robot,
    kind_rule,
    message,
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
)

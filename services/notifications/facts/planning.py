"""How each person wants to be told of what: the plans of messages, from rules and preferences."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.notifications.domain.group_robot import PREFIX, GroupRobot
from services.notifications.domain.kind_rule import KindChange, in_force
from services.notifications.domain.kinds import KindRule
from services.notifications.domain.planning import NOTHING, plan, plan_for_code, plan_for_group
from services.notifications.domain.preferences.preferences import preferences
from services.notifications.domain.ways import Plan, Way
from services.notifications.kinds import kinds_in_use
from shared.runtime.aggregate import Aggregate
from shared.runtime.copies import Copies
from shared.runtime.deciding import Beside

CODE = "address-code"
"""The kind that goes to an address which is not confirmed yet."""


class Plans:
    """Makes the plans of messages. Rules and robots are kept in memory; preferences are a city's,
    and looked at with the batch.
    """

    def __init__(self, copies: Copies) -> None:
        self._shipped = kinds_in_use().rules
        self._changes: Mapping[str, KindChange] = copies["kind-rule"]
        self._robots: Mapping[str, GroupRobot] = copies["group-robot"]

    def rule(self, kind: str) -> KindRule | None:
        """The rule in force for a kind; None where it is turned off, or not known here."""
        shipped = self._shipped.get(kind)
        return None if shipped is None else in_force(shipped, self._changes.get(kind))

    def is_off(self, kind: str) -> bool:
        """Whether nobody is told of it now."""
        return kind in self._shipped and self.rule(kind) is None

    def looks_at(self, recipient: str, kind: str = "") -> Iterable[tuple[Aggregate[Any], str]]:
        """Whose preferences have to be read for the plan, of a kind where that is said."""
        if not recipient or recipient.startswith(PREFIX):
            return ()
        rule = self.rule(kind)
        if kind and (rule is None or not rule.ways):
            return ()
        return ((preferences, recipient),)

    def plan(
        self,
        recipient: str,
        kind: str,
        params: Mapping[str, str],
        about: str,
        now: datetime,
        beside: Beside,
    ) -> Plan:
        """The plan for a message; the inbox is enough for a kind that is not known here."""
        rule = self.rule(kind)
        if rule is None or not rule.ways:
            return NOTHING
        if recipient.startswith(PREFIX):
            robot = self._robots.get(recipient)
            there = robot is not None and robot.kind is not None
            return plan_for_group(rule, now) if there else NOTHING
        if kind == CODE:
            return plan_for_code(Way(params["way"]), datetime.fromisoformat(params["until"]))
        return plan(rule, beside(preferences, recipient), now, about)

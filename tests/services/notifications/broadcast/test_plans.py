"""By which ways a broadcast's message goes out: while it is told, and no longer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications.domain.broadcast_state import Broadcast, Status
from services.notifications.domain.kinds import Urgency
from services.notifications.domain.ways import INBOX_ONLY, Plan, Way
from services.notifications.facts.broadcasts import while_it_is_told
from services.notifications.kinds import kinds_in_use

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
UNTIL = NOON + timedelta(hours=6)
PLAN = Plan(ways=(Way.PUSH, Way.SMS), expires=NOON + timedelta(days=1))
RUNNING = Broadcast(status=Status.RUNNING, until=UNTIL)


def fitted(it: Broadcast, plan: Plan = PLAN, kind: str = "broadcast") -> Plan:
    copies: Any = {"broadcast": {"b1": it}}
    return while_it_is_told(copies)(plan, kind, "broadcast-b1")


def test_nothing_goes_out_after_the_broadcasts_time() -> None:
    assert fitted(RUNNING) == replace(PLAN, expires=UNTIL)
    soon = replace(PLAN, expires=NOON + timedelta(hours=1))
    assert fitted(RUNNING, soon) == soon
    assert fitted(RUNNING, replace(PLAN, expires=None)).expires == UNTIL


def test_what_still_waits_is_not_sent_once_it_was_stopped() -> None:
    assert fitted(replace(RUNNING, status=Status.STOPPED)) == INBOX_ONLY


def test_other_messages_about_it_go_their_own_way() -> None:
    assert fitted(RUNNING, kind="broadcast-stopped") == PLAN
    assert fitted(RUNNING, INBOX_ONLY) == INBOX_ONLY


def test_the_urgent_kind_cannot_be_turned_off_and_the_other_stands_behind_single_messages() -> None:
    rules = kinds_in_use().rules
    urgent, ordinary = rules["broadcast-urgent"], rules["broadcast"]
    assert (urgent.must, urgent.urgency) == (True, Urgency.URGENT)
    assert (ordinary.must, ordinary.urgency) == (False, Urgency.LOW)
    for kind in ("alarm", "alarm-climbed", "alarm-platform", "alarm-climbed-platform"):
        assert rules[kind].must
        assert rules[kind].heard_within is not None

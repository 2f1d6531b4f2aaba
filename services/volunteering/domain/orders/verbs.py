"""Which verbs are open when, and to which side: one table for what is refused and what is
offered. Roles are the API's.
"""

from services.volunteering.domain.orders.state import Order, Status
from shared.runtime.aggregate import Command, Rejected

_SEEKING = frozenset(
    {
        "name-times",
        "accept",
        "decline",
        "dispatch",
        "entrust",
        "return",
        "take-over",
        "end",
        "cancel",
        "acknowledge",
    }
)
_HELD = frozenset({"accept", "propose-time", "agree", "give-back", "cancel", "end", "acknowledge"})

OPEN: dict[Status, frozenset[str]] = {
    Status.UNPLACED: frozenset({"place-order"}),
    Status.SEEKING: _SEEKING,
    Status.OFFERED: _SEEKING,
    Status.ACCEPTED: _HELD,
    Status.AGREED: _HELD | {"begin", "report-absence"},
    Status.BEGUN: frozenset({"accept", "finish", "confirm", "dispute", "settle", "acknowledge"}),
    Status.FINISHED: frozenset({"accept", "confirm", "dispute", "settle", "acknowledge"}),
    Status.DONE: frozenset({"accept", "rate", "correct-hours", "acknowledge"}),
    Status.CANCELLED: frozenset({"accept"}),
    Status.ENDED: frozenset({"accept"}),
}
"""The verbs open in each status, whoever asks. To accept is always answered, by saying how it
stands.
"""

_VOLUNTEERS = frozenset({"give-back"})
_HOSTS = frozenset({"name-times", "cancel"})
_SIDES = frozenset(
    {
        "propose-time",
        "agree",
        "begin",
        "finish",
        "confirm",
        "dispute",
        "report-absence",
        "rate",
    }
)


def can(order: Order, by: str, org: str | None = None) -> frozenset[str]:
    """The verbs that this person, acting for this organisation, could use now, as far as the order
    itself decides it.
    """
    verbs = {verb for verb in OPEN[order.status] if _is_theirs(order, verb, by)}
    if order.offer_to(by) is None:
        verbs -= {"accept", "decline"}
    if order.organisation is None or org != order.organisation:
        verbs.discard("return")
    if order.alarm is None:
        verbs.discard("acknowledge")
    return frozenset(verbs)


def check(command: Command, order: Order) -> None:
    """Raises `Rejected` unless the verb is open to this person now.

    A command without a sender (`by`) comes from an event: its chapter knows what it may.
    """
    by: str | None = getattr(command, "by", None)
    if by is None:
        return
    if command.verb not in OPEN[order.status]:
        raise Rejected(
            "order-wrong-moment",
            f"cannot {command.verb} an order that is {order.status}",
            verb=command.verb,
            status=order.status,
        )
    if not _is_theirs(order, command.verb, by):
        raise Rejected("not-your-side", "this is for the other side to do")


def _is_theirs(order: Order, verb: str, by: str) -> bool:
    if verb in _VOLUNTEERS:
        return by == order.volunteer
    if verb in _HOSTS:
        return order.hosts(by)
    return verb not in _SIDES or by == order.volunteer or order.hosts(by)

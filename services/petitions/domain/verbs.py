"""Which verbs are open when, and to whom: one table for what is refused and what is offered."""

from services.petitions.domain.state import Petition, Status
from shared.contracts.types import LEVELS
from shared.runtime.aggregate import Command, Rejected

_AT_WORK = frozenset({"assign", "take", "answer", "hand-up", "return", "comment", "withdraw"})

OPEN: dict[Status, frozenset[str]] = {
    Status.UNFILED: frozenset({"file"}),
    Status.UNASSIGNED: _AT_WORK,
    Status.ASSIGNED: _AT_WORK,
    Status.TAKEN: _AT_WORK,
    Status.RETURNED: _AT_WORK,
    Status.ANSWERED: frozenset({"rate", "confirm-solved", "comment", "withdraw"}),
    Status.REVIEW: frozenset({"assign", "take", "close", "comment", "withdraw"}),
    Status.CLOSED: frozenset(),
}
"""The verbs open in each status, whoever asks."""

PETITIONERS = frozenset({"rate", "confirm-solved", "withdraw"})
"""Only the petitioner may."""

ASSIGNEES = frozenset({"take", "answer", "hand-up", "return", "close"})
"""Only the one who is assigned may; where nobody is, whoever acts first (roles are the API's)."""


def can(petition: Petition, by: str) -> frozenset[str]:
    """The verbs this person could use now, as far as the petition itself decides it."""
    return frozenset(
        verb for verb in OPEN[petition.status] if _objection(petition, verb, by) is None
    )


def check(command: Command, petition: Petition) -> None:
    """Raises `Rejected` unless the verb is open to this person now.

    A command without a sender (`by`) comes from an event: its chapter knows what it may.
    """
    by: str | None = getattr(command, "by", None)
    if by is None:
        return
    if command.verb not in OPEN[petition.status]:
        raise _wrong_moment(petition.status, command.verb)
    if (objection := _objection(petition, command.verb, by)) is not None:
        raise objection


def _objection(petition: Petition, verb: str, by: str) -> Rejected | None:
    if verb in PETITIONERS and by != petition.petitioner:
        return Rejected("not-petitioner", "only the one who raised it may do this")
    if verb in ASSIGNEES and petition.assignee not in (None, by):
        return Rejected("not-assignee", "somebody else is assigned; have it assigned to you first")
    if verb == "hand-up" and petition.level is LEVELS[-1]:
        return no_level_above()
    if petition.status is Status.REVIEW and verb in ASSIGNEES and by in petition.answered_by:
        return own_answer()
    return None


def given(reason: str) -> None:
    """Raises `Rejected` for an empty reason."""
    if not reason.strip():
        raise Rejected("reason-needed", "say why")


def no_level_above() -> Rejected:
    """The refusal of a hand-up at the top."""
    return Rejected("top-level", "no level is above this one: answer it here")


def own_answer() -> Rejected:
    """The refusal of a reviewer whose own answer is under review."""
    return Rejected("own-answer", "who answered it does not review it; name another person")


def _wrong_moment(status: Status, verb: str) -> Rejected:
    if status is Status.UNFILED:
        return Rejected("not-filed", "there is no such petition")
    if status is Status.CLOSED:
        return Rejected("closed", "the petition is closed; raise it anew if it troubles you again")
    if verb == "file":
        return Rejected("already-filed", "this petition was filed before")
    if verb == "close":
        return Rejected(
            "closing-needs-review",
            "only the district's review closes a petition: answer it, the petitioner judges",
        )
    if status is Status.REVIEW:
        return Rejected("under-review", "the district reviews it: it can only be closed there")
    if status is Status.ANSWERED:
        return Rejected("already-answered", "it is answered; now the petitioner judges the answer")
    return Rejected("not-answered", "there is no answer yet that could be judged")

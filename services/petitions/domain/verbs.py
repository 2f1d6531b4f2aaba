"""Which verbs are open when, and to whom: one table for what is refused and what is offered."""

from services.petitions.domain import departments, voices
from services.petitions.domain.state import Petition, Status
from shared.contracts.types import LEVELS, PetitionKind
from shared.runtime.aggregate import Command, Rejected

VOICES = frozenset({"sign", "withdraw-signature", "support", "withdraw-support"})
"""Of neighbours."""
_SPEAKING = frozenset({"pass-on"})
_PROMISES = frozenset({"report-promise", "judge-promise", "follow-up-promise"})
_PUBLICATION = frozenset({"release", "confirm-release", "refuse-release", "withdraw-release"})
_AT_WORK = (
    VOICES
    | _SPEAKING
    | departments.VERBS
    | {
        "consult",
        "withdraw-release",
        "assign",
        "take",
        "answer",
        "hand-up",
        "return",
        "comment",
        "withdraw",
        "suspend",
        "merge",
        "link",
        *_PROMISES,
    }
)

OPEN: dict[Status, frozenset[str]] = {
    Status.UNFILED: frozenset({"file"}),
    Status.UNASSIGNED: _AT_WORK,
    Status.ASSIGNED: _AT_WORK,
    Status.TAKEN: _AT_WORK,
    Status.RETURNED: _AT_WORK,
    Status.ANSWERED: _PROMISES
    | _SPEAKING
    | _PUBLICATION
    | {"rate", "confirm-solved", "follow-up", "comment", "withdraw", "link"},
    Status.REVIEW: _PROMISES
    | _SPEAKING
    | {"assign", "take", "close", "comment", "withdraw", "suspend", "link"}
    | {"withdraw-release"},
    Status.SUSPENDED: VOICES
    | _SPEAKING
    | departments.VERBS
    | _PROMISES
    | {"assign", "answer", "close", "comment", "withdraw", "resume", "link"}
    | {"withdraw-release"},
    Status.MERGED: VOICES
    | _SPEAKING
    | {"split", "comment", "withdraw", "link", "withdraw-release"},
    Status.CLOSED: _PROMISES | _SPEAKING | _PUBLICATION | {"ask-review", "link"},
}
"""The verbs open in each status, whoever asks."""

PETITIONERS = frozenset(
    {"rate", "confirm-solved", "withdraw", "judge-promise", "ask-review", "pass-on"}
)
"""Only the petitioner may."""

ASSIGNEES = frozenset({"take", "answer", "hand-up", "return", "close"})
"""Only the one who is assigned may; where nobody is, whoever acts first (roles are the API's)."""


def can(petition: Petition, by: str, org: str | None = None) -> frozenset[str]:
    """The verbs this person, acting for this organisation, could use now, as far as the petition
    itself decides it.
    """
    return frozenset(
        verb for verb in OPEN[petition.status] if _objection(petition, verb, by, org) is None
    )


def check(command: Command, petition: Petition) -> None:
    """Raises `Rejected` unless the verb is open to this person now.

    A command without a sender (`by`) comes from an event: its chapter knows what it may.
    """
    by: str | None = getattr(command, "by", None)
    if by is None:
        return
    must_be_open(petition, command.verb)
    org: str | None = getattr(command, "org", None)
    if (objection := _objection(petition, command.verb, by, org)) is not None:
        raise objection


def open_to_petitioner(petition: Petition, verb: str) -> None:
    """Raises `Rejected` unless the verb is open now to whoever raised it, logged in or not."""
    must_be_open(petition, verb)
    if (objection := _objection(petition, verb, petition.petitioner, None)) is not None:
        raise objection


def must_be_open(petition: Petition, verb: str) -> None:
    """Raises `Rejected` unless the verb is open to anybody now."""
    if verb not in OPEN[petition.status]:
        raise _wrong_moment(petition.status, verb)


def _objection(petition: Petition, verb: str, by: str | None, org: str | None) -> Rejected | None:
    if verb in departments.VERBS:
        return departments.objection(petition.consultation, verb, org)
    if verb in PETITIONERS and by != petition.petitioner:
        return Rejected("not-petitioner", "only the one who raised it may do this")
    joint = verb == "answer" and departments.leads(petition.consultation, org)
    if verb in ASSIGNEES and petition.assignee not in (None, by) and not joint:
        return Rejected("not-assignee", "somebody else is assigned; have it assigned to you first")
    if verb == "answer" and (early := departments.answer_objection(petition.consultation)):
        return early
    if (voice := voices.objection(petition, verb, by)) is not None:
        return voice
    if verb in _PROMISES and all(promise.over for promise in petition.promises):
        return Rejected("nothing-promised", "no promise is waited for")
    if verb == "merge" and petition.merged:
        return Rejected(
            "has-members", "others are merged into this one: merge that one into this instead"
        )
    if verb == "follow-up" and by in petition.answered_by:
        return Rejected("own-follow-up", "who answered it does not ask whether it was good")
    if verb == "ask-review" and petition.reviewed:
        return Rejected("reviewed-already", "the district has reviewed it; that stands")
    if verb == "ask-review" and (petition.outcome == "withdrawn" or not petition.answered_by):
        return Rejected("nothing-to-review", "it was closed without an answer: raise it anew")
    if verb == "hand-up" and petition.level is LEVELS[-1]:
        return no_level_above()
    if verb in _PUBLICATION:
        return _publication_objection(petition, verb, by)
    review = petition.status is Status.REVIEW
    if petition.status is Status.SUSPENDED and petition.pause is not None:
        review = petition.pause.before is Status.REVIEW
        if verb == ("answer" if review else "close"):
            return _wrong_moment(petition.pause.before, verb)
    if review and verb in ASSIGNEES and by in petition.answered_by:
        return own_answer()
    return None


def _has_answer(petition: Petition) -> bool:
    return bool(petition.answered_by) or petition.outcome == "adopted"


def _publication_objection(petition: Petition, verb: str, by: str | None) -> Rejected | None:
    """What speaks against showing it to everybody now, or against taking it back."""
    now = petition.publication
    out = now is not None and now.out
    match verb:
        case "release" if petition.kind is PetitionKind.REPORT:
            return Rejected("report-not-public", "a report is never published")
        case "release" if petition.outcome == "withdrawn" or not _has_answer(petition):
            return Rejected("nothing-to-release", "only what was answered is published")
        case "release" if out:
            return Rejected("already-released", "it is public; withdraw that first")
        case "confirm-release" | "refuse-release" if now is None or out:
            return Rejected("no-draft", "no words for the public wait for a second look")
        case "confirm-release" if now is not None and by == now.by:
            return Rejected("second-look", "another person than the one who wrote it has to look")
        case "withdraw-release" if not out:
            return Rejected("not-released", "nothing of it is public")
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
    if status is Status.SUSPENDED:
        return Rejected("suspended", "it is suspended: have it resumed first, or answer it")
    if verb == "resume":
        return Rejected("not-suspended", "it is not suspended")
    if status is Status.REVIEW:
        return Rejected("under-review", "the district reviews it: it can only be closed there")
    if status is Status.MERGED:
        return Rejected("merged", "it is answered with another one; split it off first")
    if verb == "split":
        return Rejected("not-merged", "it is not merged with another one")
    if verb == "ask-review":
        return Rejected("not-closed", "a review is asked for when it is closed")
    if status is Status.ANSWERED:
        return Rejected("already-answered", "it is answered; now the petitioner judges the answer")
    return Rejected("not-answered", "there is no answer yet that could be judged")

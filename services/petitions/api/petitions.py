"""Petitions over HTTP: the table of verbs with who may, and what can be asked."""

from typing import Annotated, Any, Literal

from fastapi import Query

from services.petitions import views
from services.petitions.api.sight import (
    concealed,
    entry_for,
    for_a_supporter,
    for_an_application,
    only_passes_on,
    only_supports,
    receipt_for,
    released_title,
)
from services.petitions.api.standing import (
    STAFF,
    assignee,
    at_work_on_it,
    caller_back,
    concerned,
    department,
    impartial,
    neighbour,
    not_to_hear,
    open_matter,
    passing_on,
    petitioner,
    places_of,
    signer,
    staff,
    staff_above,
    supporter,
)
from services.petitions.domain.commands import (
    Answer,
    AskReview,
    Assign,
    Close,
    Comment,
    ConfirmSolved,
    File,
    FollowUp,
    HandUp,
    Rate,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.consultation_commands import (
    AcceptPart,
    Consult,
    DeliverPart,
    HandOver,
    Insist,
    Minute,
    RefusePart,
    RuleOut,
)
from services.petitions.domain.merging import Link, Merge, Split
from services.petitions.domain.petition import petition
from services.petitions.domain.promises import FollowUpPromise, JudgePromise, ReportPromise
from services.petitions.domain.publication import (
    ConfirmRelease,
    RefuseRelease,
    Release,
    WithdrawRelease,
)
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.suspension import Resume, Suspend
from services.petitions.domain.verbs import can
from services.petitions.domain.voices import (
    PassOn,
    Sign,
    Support,
    WithdrawSignature,
    WithdrawSupport,
)
from services.petitions.recent import words_of
from shared.contracts.types import Code, Id, Level, PlaceCode
from shared.runtime.api import (
    Create,
    CurrentCaller,
    CurrentClock,
    CurrentCopies,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Page
from shared.runtime.policies import Policy, anyone, role, within_place
from shared.runtime.problems import Invalid
from shared.runtime.queries import Queries
from shared.runtime.store import Store

own_matter = Policy(
    "resident for themselves",
    lambda caller, _state, command, _path: (
        "resident" in caller.roles
        and not (command is not None and (command.on_behalf or command.raised_at is not None))
    ),
)
desk = role("intake", *STAFF)
"""The hotline desk and staff on their rounds: they file for others, too."""


async def _known(store: Store, caller: Caller, id: str, field: str) -> None:
    """Raises `Invalid` where the caller could not look at that petition."""
    other = await store.get(petition, id)
    if other is None or not concerned.allows(caller, other.state, None, ()):
        raise Invalid(field, "is no petition that you can see")


async def the_main_one(store: Store, caller: Caller, command: Any) -> None:
    """For `merge`."""
    await _known(store, caller, command.into, "into")


async def the_other_one(store: Store, caller: Caller, command: Any) -> None:
    """For `link`."""
    await _known(store, caller, command.to, "to")


def in_consultation(state: Petition) -> dict[str, Any] | None:
    """How its consultation stands; None where no department was ever called."""
    if state.consultation is None:
        return None
    return {
        "by": state.consultation.by,
        "level": state.consultation.level,
        "lead": state.consultation.lead,
        "open": state.consultation.open,
        "parts": [
            {
                "department": part.department,
                "status": part.status,
                "accept_by": part.accept_by,
                "part_by": part.part_by,
            }
            for part in state.consultation.parts
        ],
    }


def shown(state: Petition, caller: Caller) -> dict[str, Any]:
    """What anybody concerned sees: where it is, who has it, how long is left. Who only supports it,
    or has passed it on, is shown less.
    """
    whole = {
        "status": state.status,
        "kind": state.kind,
        "category": state.category,
        "urgency": state.urgency,
        "channel": state.channel,
        "place": state.place,
        "path": state.path,
        "petitioner": None if state.petitioner in concealed(state, caller) else state.petitioner,
        "raised_at": state.raised_at,
        "filed_at": state.filed_at,
        "level": state.level,
        "at": state.at,
        "assignee": state.assignee,
        "duty": state.duty,
        "answer_by": state.answer_by,
        "suspended": None
        if state.pause is None
        else {
            "reason": state.pause.reason,
            "since": state.pause.since,
            "until": state.pause.until,
        },
        "mediation": None
        if state.mediated is None
        else {
            "dispute": state.mediated.dispute,
            "over": state.mediated.over,
            "settled": state.mediated.settled,
        },
        "consultation": in_consultation(state),
        "overdue_days": state.overdue_days,
        "follow_up_until": state.follow_up_until,
        "calls": state.calls,
        "reopened": state.reopened,
        "outcome": state.outcome,
        "closed_at": state.closed_at,
        "danger": state.danger,
        "attachments": state.attachments,
        "joint": state.joint,
        "origin": state.origin,
        "households": 0 if state.voices is None else len(state.voices.households),
        "supporters": 0 if state.voices is None else len(state.voices.supporters),
        "merged_into": None if state.merging is None else state.merging.into,
        "members": () if state.merging is None else state.merging.members,
        "links": () if state.merging is None else state.merging.links,
        "promises": [
            {
                "promise": promise.n,
                "due": promise.due,
                "by": promise.by,
                "judge_by": promise.judge_by,
                "kept": promise.kept,
                "calls": promise.calls,
            }
            for promise in state.promises
        ],
    }
    if only_passes_on(state, caller):
        return for_an_application(whole)
    return for_a_supporter(state, whole) if only_supports(state, caller) else whole


petitions_api = aggregate_api(
    petition,
    collection="petitions",
    tag="Petitions",
    create=Create(File, may=own_matter | desk | passing_on),
    verbs={
        "assign": Verb(Assign, may=staff),
        "take": Verb(Take, may=assignee | staff),
        "answer": Verb(Answer, may=assignee | staff | department),
        "hand-up": Verb(HandUp, may=assignee | staff),
        "return": Verb(Return, may=assignee | staff),
        "comment": Verb(Comment, may=concerned | passing_on),
        "rate": Verb(Rate, may=petitioner),
        "confirm-solved": Verb(ConfirmSolved, may=petitioner),
        "withdraw": Verb(Withdraw, may=petitioner),
        "suspend": Verb(Suspend, may=staff_above),
        "resume": Verb(Resume, may=assignee | staff_above),
        "consult": Verb(Consult, may=assignee | staff_above),
        "accept-part": Verb(AcceptPart, may=department),
        "refuse-part": Verb(RefusePart, may=department),
        "deliver-part": Verb(DeliverPart, may=department),
        "insist": Verb(Insist, may=assignee | staff_above),
        "hand-over": Verb(HandOver, may=assignee | staff_above),
        "rule-out": Verb(RuleOut, may=assignee | staff_above),
        "minute": Verb(Minute, may=assignee | staff_above | department),
        "ask-review": Verb(AskReview, may=petitioner),
        "follow-up": Verb(FollowUp, may=caller_back),
        "report-promise": Verb(ReportPromise, may=assignee | staff),
        "judge-promise": Verb(JudgePromise, may=petitioner),
        "follow-up-promise": Verb(FollowUpPromise, may=caller_back),
        "sign": Verb(Sign, may=neighbour, see=open_matter),
        "withdraw-signature": Verb(WithdrawSignature, may=neighbour, see=open_matter),
        "pass-on": Verb(PassOn, may=petitioner),
        "support": Verb(Support, may=neighbour, see=open_matter),
        "withdraw-support": Verb(WithdrawSupport, may=neighbour, see=open_matter),
        "merge": Verb(Merge, may=staff, look_at=the_main_one),
        "split": Verb(Split, may=staff),
        "link": Verb(Link, may=staff, look_at=the_other_one),
        "close": Verb(Close, may=within_place("district-staff") & impartial),
        "release": Verb(Release, may=staff),
        "confirm-release": Verb(ConfirmRelease, may=staff),
        "refuse-release": Verb(RefuseRelease, may=staff),
        "withdraw-release": Verb(WithdrawRelease, may=staff),
    },
    open=lambda state, caller: can(state, caller.sub, caller.org),
    see=at_work_on_it | signer | supporter | passing_on,
    shown=lambda state, caller: {**shown(state, caller), **receipt_for(state, caller)},
    dossier=Dossier(see=at_work_on_it | signer, subject="petitioner", shown=entry_for),
    veil=concealed,
    history=at_work_on_it,
)

queries = Queries(tags=["Petitions"])


@queries.get("/petitions", may=role(*STAFF), note="of their places")
async def work_queue(
    caller: CurrentCaller,
    store: CurrentStore,
    copies: CurrentCopies,
    clock: CurrentClock,
    place: PlaceCode | None = None,
    status: Annotated[list[Status] | None, Query()] = None,
    level: Level | None = None,
    overdue: bool | None = None,
    assignee: Id | None = None,
    category: Code | None = None,
    q: Annotated[str | None, Query(min_length=2, max_length=100)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The work queue of the caller's places: what is due first stands first.

    Without `status`: what still waits for an answer. `place` narrows it to a place below the
    caller's own; `q` searches titles and texts.
    """
    page = await store.journal.find(
        "petition",
        views.work_queue(
            now=clock.now(),
            places=places_of(caller, place, copies["place"]),
            statuses=status or (),
            level=level,
            overdue=overdue,
            assignee=assignee,
            category=category,
            text=q,
            not_about=not_to_hear(caller),
            limit=limit,
            after=decode(cursor),
        ),
    )
    return await listed(page, caller, store, "work queue")


@queries.get("/petitions/mine", may=anyone, note="their own")
async def mine(
    caller: CurrentCaller,
    store: CurrentStore,
    voice: Literal["raised", "signed", "supported"] = "raised",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """What the caller has raised, signed or supports, the latest first. What they only support has
    its title where it was released.
    """
    field = {"raised": "petitioner", "signed": "voices.signers", "supported": "voices.supporters"}
    page = await store.journal.find(
        "petition", views.of_voice(field[voice], caller.sub, limit=limit, after=decode(cursor))
    )
    return await listed(page, caller, store, None if voice == "raised" else "own voice")


async def listed(page: Page, caller: Caller, store: Store, purpose: str | None) -> dict[str, Any]:
    """A page with titles. Whose own they are reads them without a record; `purpose` records it."""
    streams = [petition.stream(item.id) for item in page.items]
    if purpose is not None and streams:
        await store.journal.record_reading(caller.sub, streams, purpose, store.clock.now())
    dossiers = await store.journal.dossiers(streams)
    items = []
    for item, stream in zip(page.items, streams, strict=True):
        state, entries = store.read(petition, item), dossiers.get(stream, ())
        words = words_of(entries)
        title = None if words is None else words[0]
        if only_supports(state, caller):
            title = released_title(state, entries)
        items.append(
            {"id": item.id, "version": item.version, "title": title, **shown(state, caller)}
        )
    return {"items": items, "next": encode(page.next)}

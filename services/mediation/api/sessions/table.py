"""Sessions over HTTP: the table of who may do what, and what each is shown.

A private talk exists for the mediator and that side alone. Convenors see when and where a session
of all is held, and whether a time was found; nothing of what is said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.mediation.access import CONVENORS, convenor_there
from services.mediation.domain.sessions.polling import fits
from services.mediation.domain.sessions.session import open_verbs, session
from services.mediation.domain.sessions.session_commands import (
    AdjournSession,
    AgreeToMinutes,
    AskRelease,
    CallOffSession,
    ChooseTime,
    ConsentToRelease,
    ConveneSession,
    DraftMinutes,
    ObjectToMinutes,
    ProposeTimes,
    RecordSession,
    RefuseRelease,
    TakeRoom,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_state import Session
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import AggregateApi, Create, Dossier, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, holder


def _mediates(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.circle.mediator == caller.sub


def _speaks(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.circle.side_of(caller.sub) is not None


def _of_all(_caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.side is None


def _unmediated(_caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and state.side is None and state.circle.mediator is None


def _names_no_place(_caller: Caller, _state: Any, command: Any, _path: Sequence[str]) -> bool:
    return command is not None and command.place is None


the_mediator = Policy("the mediator", _mediates)
speaks = Policy("who speaks for a party", _speaks)
in_it = holder("people")
"""Who is invited, or was."""
of_all = Policy("no private talk", _of_all)
unmediated = Policy("while nobody mediates", _unmediated)
no_place = Policy("who names no place", _names_no_place)
"""Whether they mediate the dispute, the rules say: to others it does not exist."""
organising = convenor_there & of_all
arranges = the_mediator | (convenor_there & unmediated)


def lies_in(copies: Copies, state: Session | None, command: Any) -> Sequence[str]:
    """Where the dispute lies; before it is convened, the place that a convenor works for."""
    if state is not None:
        return state.path
    return () if command.place is None else path_of(copies, command.place)


def shown(state: Session, caller: Caller) -> Mapping[str, Any]:
    """When and where it is, and who comes; how far its minutes are only to those who are in it."""
    slot = state.chosen
    seen: dict[str, Any] = {
        "dispute": state.dispute,
        "status": state.status,
        "place": state.place,
        "convener": state.convener,
        "private": state.side is not None,
        "panel": state.panel,
        "invited": state.invited,
        "slots": [{"begin": one.begin, "end": one.end} for one in state.slots],
        "answer_by": state.answer_by,
        "own_vote": next((one.can for one in state.votes if one.person == caller.sub), None),
        "begin": None if slot is None else slot.begin,
        "end": None if slot is None else slot.end,
        "room": state.room,
        "sequence": state.sequence,
        "begun": state.begun,
        "ended": state.ended,
        "adjourned": state.adjourned,
        "after": state.after,
        "next": state.next,
    }
    if may_arrange(state, caller):
        seen["poll"] = poll(state)
    if caller.sub not in state.people:
        return seen
    minutes = state.minutes
    return {
        **seen,
        "present": state.present,
        "minutes": None
        if minutes is None
        else {
            "version": minutes.version,
            "agree": minutes.agree,
            "object": minutes.object,
            "final": minutes.final,
        },
        "releases": [
            {
                "release": one.number,
                "to": one.to,
                "by": one.by,
                "consents": one.consents,
                "given": one.given,
                "until": one.until,
            }
            for one in state.releases
        ],
    }


def poll(state: Session) -> list[Mapping[str, Any]]:
    """How each time fits, and who cannot make it."""
    return [
        {
            "slot": one.slot,
            "fits": not one.lacks,
            "lacks": one.lacks,
            "can": one.can,
            "cannot": one.cannot,
            "silent": one.silent,
            "room_taken": one.slot in state.tried,
        }
        for one in fits(state)
    ]


def may_arrange(state: Session, caller: Caller) -> bool:
    """Whether they find a time for it."""
    convenor = bool(caller.roles & set(CONVENORS)) and not caller.places.isdisjoint(state.path)
    return state.circle.mediator == caller.sub or (convenor and state.side is None)


def part_of_their_own(state: Session, caller: Caller) -> Mapping[str, Any]:
    """Their part in a session, for their own data."""
    return {
        "dispute": state.dispute,
        "status": state.status,
        "begun": state.begun,
        "was_there": caller.sub in state.present,
        "vote": next((one.can for one in state.votes if one.person == caller.sub), None),
        "agreed": state.minutes is not None and caller.sub in state.minutes.agree,
    }


sessions_api: AggregateApi = aggregate_api(
    session,
    collection="sessions",
    tag="Sessions",
    create=Create(ConveneSession, may=convenor_there | no_place),
    verbs={
        "vote": Verb(VoteOnTimes, may=in_it),
        "choose": Verb(ChooseTime, may=arranges),
        "propose": Verb(ProposeTimes, may=arranges),
        "take-room": Verb(TakeRoom, may=arranges),
        "call-off": Verb(CallOffSession, may=arranges),
        "record": Verb(RecordSession, may=the_mediator),
        "adjourn": Verb(AdjournSession, may=the_mediator),
        "draft": Verb(DraftMinutes, may=the_mediator),
        "agree": Verb(AgreeToMinutes, may=speaks),
        "object": Verb(ObjectToMinutes, may=speaks),
        "ask-release": Verb(AskRelease, may=speaks | the_mediator),
        "consent": Verb(ConsentToRelease, may=speaks),
        "refuse": Verb(RefuseRelease, may=speaks),
    },
    open=lambda state, _caller: open_verbs(state),
    see=in_it | organising,
    shown=shown,
    dossier=Dossier(see=in_it),
    lies_in=lies_in,
    history=in_it,
)

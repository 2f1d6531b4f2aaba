"""Disputes over HTTP: the table of who may do what, and what each is shown."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.mediation.access import (
    acts_for_a_party,
    convenor_there,
    drafts,
    is_in_it,
    on_the_panel,
    speaks,
    staff_there,
    takes_part,
    the_filer,
    the_mediator,
    was_alerted,
)
from services.mediation.api.agreements.drafts import draft_first
from services.mediation.api.evidence.receiving import OPERATION, file_evidence
from services.mediation.domain.agreements.agreement_commands import DraftVersion
from services.mediation.domain.disputes.dispute import dispute, open_verbs
from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    AnswerFollowUp,
    ConsentExtension,
    DeclineToMediate,
    FailDispute,
    FileDispute,
    InviteParties,
    LeaveDispute,
    NameRepresentative,
    PassOnDispute,
    ProposeExtension,
    RaiseRisk,
    RecordAnswer,
    RefuseExtension,
    ReopenDispute,
    TellDispute,
    WithdrawDispute,
)
from services.mediation.domain.disputes.dispute_state import Dispute, Party, Status
from services.mediation.domain.disputes.settling import (
    ConfirmSettlement,
    ObjectToSettlement,
    RecordSettlement,
)
from services.mediation.domain.evidence.evidence import TAKEN_WHILE
from shared.neighbourhood.scopes import path_of
from shared.runtime.api import Beneath, Create, Dossier, Verb, aggregate_api
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy

for_themselves = Policy(
    "whoever is in it",
    lambda _caller, _state, command, _path: not (command is not None and command.on_behalf),
)
"""Whether they are, the rules say."""
speaks_or_acts = speaks | acts_for_a_party
mediates = the_mediator | convenor_there
concerned = (
    is_in_it
    | acts_for_a_party
    | the_mediator
    | on_the_panel
    | the_filer
    | was_alerted
    | convenor_there
)
TITLE = ("party", "title")
NAME = ("party", "name")


def lies_in(copies: Copies, state: Dispute | None, command: Any) -> Sequence[str]:
    """The path of its place."""
    return path_of(copies, command.place) if state is None else state.path


def shown(state: Dispute, caller: Caller) -> dict[str, Any]:
    """How far it has come, and who is in it: nothing of what was said."""
    follow_up, extension = state.follow_up, state.extension
    return {
        "status": state.status,
        "kind": state.kind,
        "place": state.place,
        "path": state.path,
        "filed_by": state.filed_by,
        "filed_for": state.filed_for,
        "filed": state.filed,
        "petition": state.petition,
        "linked": state.linked,
        "parties": [
            {
                "party": one.key,
                "side": one.side,
                "person": one.person,
                "organisation": one.organisation,
                "representative": one.representative,
                "consent": one.consent,
                "recorded": dict(state.consents).get(one.key),
            }
            for one in state.parties
        ],
        "own_party": None if (own := state.party_of(caller.sub)) is None else own.key,
        "risks": state.risks,
        "mediator": state.mediator,
        "panel": state.panel,
        "begun": state.begun,
        "until": state.until,
        "extended": state.extended,
        "extension": None
        if extension is None
        else {
            "proposed_by": extension.proposed_by,
            "until": extension.until,
            "consents": extension.consents,
        },
        "agreement": state.agreement,
        "oral": None
        if state.oral is None
        else {"number": state.oral.number, "confirmed": state.oral.confirms},
        "ended": state.ended,
        "outcome": state.outcome,
        "because": state.because,
        "passed_to": state.passed_to,
        "follow_up": None
        if follow_up is None or not follow_up.open
        else {"round": follow_up.round, "until": follow_up.until},
        "holds": state.holds,
        "reopen_until": state.reopen_until,
        "reopened": state.reopened,
        "late": state.late,
    }


def entry_for(
    name: str, data: Mapping[str, Any], state: Dispute, caller: Caller
) -> Mapping[str, Any]:
    """An entry of the dossier as the caller is shown it.

    Who mediates sees all. The parties see what each tells of the dispute, and reasons that are
    their own or of who mediates; of the others' contacts the name. Who organises, and who was told
    of a risk, see titles, contacts and what was said of the risk; who was in it, and is no more,
    what is their own.
    """
    if caller.sub == state.mediator or caller.sub in state.panel:
        return data
    own = _own_party(state, caller)
    if own is not None:
        return _to_a_party(name, data, state, caller, own)
    if name == "DisputeTold":
        return {key: data.get(key) for key in TITLE}
    if name == "PartyContactGiven" or data.get("verb") == RaiseRisk.verb:
        return data
    return {}


def _own_party(state: Dispute, caller: Caller) -> Party | None:
    """The caller's, or the organisation that they act for while nobody else speaks for it."""
    return state.party_of(caller.sub) or next(
        (
            one
            for one in state.parties
            if caller.org is not None
            and one.organisation == caller.org
            and one.representative is None
        ),
        None,
    )


def _to_a_party(
    name: str, data: Mapping[str, Any], state: Dispute, caller: Caller, own: Party
) -> Mapping[str, Any]:
    if data.get("party") == own.key or data.get("by") == caller.sub:
        return data
    if not own.within:
        return {}
    if name == "DisputeTold":
        return data
    if name == "PartyContactGiven":
        return {key: data.get(key) for key in NAME}
    return {} if data.get("by") in state.people else data


def households(state: Dispute, caller: Caller) -> Collection[str]:
    """Where the others live is in the timeline for nobody who is not of that party."""
    return [
        one.household
        for one in state.parties
        if one.household is not None and caller.sub not in one.people
    ]


def open_beneath(state: Dispute) -> list[str]:
    """What may begin beneath a dispute now."""
    begins = {"evidence": TAKEN_WHILE, "agreements": frozenset({Status.MEDIATING})}
    return [name for name, statuses in begins.items() if state.status in statuses]


disputes_api = aggregate_api(
    dispute,
    collection="disputes",
    tag="Disputes",
    create=Create(FileDispute, may=for_themselves | staff_there),
    verbs={
        "invite": Verb(InviteParties, may=convenor_there),
        "name-representative": Verb(NameRepresentative, may=speaks_or_acts | convenor_there),
        "tell": Verb(TellDispute, may=speaks | the_mediator),
        "agree": Verb(AgreeToMediate, may=speaks_or_acts),
        "decline": Verb(DeclineToMediate, may=speaks_or_acts),
        "record-answer": Verb(RecordAnswer, may=the_filer | convenor_there),
        "leave": Verb(LeaveDispute, may=speaks),
        "withdraw": Verb(WithdrawDispute, may=speaks | the_filer),
        "raise-risk": Verb(
            RaiseRisk, may=speaks | the_mediator | on_the_panel | the_filer | convenor_there
        ),
        "propose-extension": Verb(ProposeExtension, may=speaks | the_mediator),
        "consent-extension": Verb(ConsentExtension, may=speaks),
        "refuse-extension": Verb(RefuseExtension, may=speaks),
        "record-settlement": Verb(RecordSettlement, may=the_mediator),
        "confirm-settlement": Verb(ConfirmSettlement, may=speaks),
        "object-to-settlement": Verb(ObjectToSettlement, may=speaks),
        "fail": Verb(FailDispute, may=mediates),
        "pass-on": Verb(PassOnDispute, may=mediates),
        "answer-follow-up": Verb(AnswerFollowUp, may=speaks),
        "reopen": Verb(ReopenDispute, may=speaks | convenor_there),
    },
    beneath={
        "evidence": Beneath(
            file_evidence, may=takes_part, see=takes_part | is_in_it, operation=OPERATION
        ),
        "agreements": Beneath(
            draft_first, may=drafts, see=takes_part | is_in_it, command=DraftVersion
        ),
    },
    open=lambda state, _caller: (*open_verbs(state), *open_beneath(state)),
    see=concerned,
    shown=shown,
    dossier=Dossier(see=concerned, shown=entry_for),
    lies_in=lies_in,
    veil=households,
    history=speaks | the_mediator | on_the_panel | convenor_there,
)

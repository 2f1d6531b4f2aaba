"""The table of agreements: what can be done with one that is there, and by whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.mediation.api.agreements.drafts import name_shown, version_drafted
from services.mediation.api.agreements.signing import signature
from services.mediation.domain.agreements.agreement import agreement, open_verbs
from services.mediation.domain.agreements.agreement_commands import (
    ConfirmDone,
    DisputeDone,
    DraftVersion,
    GiveSignCode,
    ReportBreach,
    ReportDone,
    RevokeAgreement,
    SeekConfirmation,
    ShowName,
)
from services.mediation.domain.agreements.agreement_state import Agreement
from shared.runtime.api import Dossier, Verb, aggregate_api
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy


def _is_in_it(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and (caller.sub in state.holders or caller.sub in state.circle.judges)


def _holds(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub in state.holders


def _mediates(caller: Caller, state: Any, _command: Any, _path: Sequence[str]) -> bool:
    return state is not None and caller.sub == state.circle.mediator


is_in_it = Policy("who speaks for a party of the agreement, the mediator and the panel", _is_in_it)
holders = Policy("who speaks for a party of the agreement", _holds)
mediator_of_it = Policy("the dispute's mediator", _mediates)


def shown(state: Agreement, _caller: Caller) -> Mapping[str, Any]:
    """What those who are in it see of it, but the words."""
    return {
        "status": state.status,
        "dispute": state.dispute,
        "kind": state.kind,
        "number": state.version,
        "drafted_by": state.drafted_by,
        "drafted_at": state.drafted_at,
        "mediator": state.mediator,
        "parties": state.parties,
        "clauses": [
            {
                "clause": n,
                "party": one.party,
                "until": one.until,
                "cents": one.cents,
                "done": one.done,
                "late": one.late,
                "answer_by": one.answer_by,
            }
            for n, one in enumerate(state.clauses, start=1)
        ],
        "whole": state.whole,
        "cooling_off_days": state.cooling_off_days,
        "digest": state.digest,
        "signatures": state.signatures,
        "unsigned": state.unsigned,
        "until": state.until,
        "since": state.since,
        "judicial_until": state.judicial_until,
        "judicial_sought": state.judicial_sought,
        "broken": state.broken,
        "path": state.path,
        "forgotten": state.forgotten,
        "masked": state.masked,
    }


def open_to(state: Agreement, caller: Caller) -> Sequence[str]:
    """The verbs that the agreement knows now; a party signs a version once."""
    signed = state.circle.party_of(caller.sub) not in state.unsigned
    return [verb for verb in open_verbs(state) if verb != "sign" or not signed]


agreements_api = aggregate_api(
    agreement,
    collection="agreements",
    tag="Agreements",
    verbs={
        "draft": Verb(DraftVersion, may=mediator_of_it | holders, becomes=version_drafted),
        "show-name": Verb(ShowName, may=holders, becomes=name_shown),
        "sign": Verb(GiveSignCode, may=holders, becomes=signature),
        "revoke": Verb(RevokeAgreement, may=holders),
        "report-done": Verb(ReportDone, may=holders),
        "confirm-done": Verb(ConfirmDone, may=holders),
        "dispute-done": Verb(DisputeDone, may=holders),
        "report-breach": Verb(ReportBreach, may=holders | mediator_of_it),
        "seek-confirmation": Verb(SeekConfirmation, may=holders),
    },
    open=open_to,
    see=is_in_it,
    shown=shown,
    dossier=Dossier(see=is_in_it),
)

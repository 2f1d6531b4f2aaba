"""The table of evidence: what can be done with it once it is there, and by whom."""

from typing import Any

from services.mediation.domain.evidence.evidence import evidence, open_verbs
from services.mediation.domain.evidence.evidence_commands import (
    DescribeEvidence,
    WidenEvidence,
    WithdrawEvidence,
)
from services.mediation.domain.evidence.evidence_state import Evidence, knowers, readers
from shared.runtime.api import Dossier, Verb, aggregate_api
from shared.runtime.identity import Caller
from shared.runtime.policies import Policy, owner

to_whom_open = Policy(
    "to whom the evidence is open",
    lambda caller, state, _command, _path: state is not None and caller.sub in readers(state),
)
who_knows_of_it = Policy(
    "to whom the evidence is or was open",
    lambda caller, state, _command, _path: state is not None and caller.sub in knowers(state),
)
judges = Policy(
    "the mediator and the panel",
    lambda caller, state, _command, _path: state is not None and caller.sub in state.circle.judges,
)
who_filed_it = owner("filed_by")


def shown(state: Evidence, caller: Caller) -> dict[str, Any]:
    """What is told of it to whoever knows of it."""
    return {
        "status": state.status,
        "dispute": state.dispute,
        "filed_by": state.filed_by,
        "side": state.side,
        "disclosed": state.disclosed,
        "sides": state.sides,
        "digest": state.digest,
        "size": state.size,
        "media_type": state.media_type,
        "at": state.at,
        "because": state.because,
        "open": caller.sub in readers(state),
    }


evidence_api = aggregate_api(
    evidence,
    collection="evidence",
    tag="Evidence",
    verbs={
        "describe": Verb(DescribeEvidence, may=who_filed_it),
        "widen": Verb(WidenEvidence, may=who_filed_it),
        "withdraw": Verb(WithdrawEvidence, may=who_filed_it),
    },
    open=lambda state, _caller: open_verbs(state),
    see=who_knows_of_it,
    shown=shown,
    dossier=Dossier(see=to_whom_open),
    history=who_filed_it | judges,
)

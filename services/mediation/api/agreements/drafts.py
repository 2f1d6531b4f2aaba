"""Agreements are drafted: the words come from the mediator or a party, the names under which the
parties stand in it from themselves.
"""

from typing import Any

from starlette.responses import Response

from services.mediation.api.agreements.words import versions
from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    DraftAgreement,
    DraftVersion,
    ShowName,
)
from services.mediation.domain.agreements.agreement_events import AgreementWorded
from services.mediation.domain.agreements.agreement_state import Agreement
from services.mediation.views.agreements import settled_in
from shared.runtime.api import Sent
from shared.runtime.endpoints import outcome_answer
from shared.runtime.problems import Refused


async def draft_first(sent: Sent, asked: DraftVersion) -> Response:
    """Drafts the agreement of a dispute. There is one in the making at a time: where there is one
    already, another version of it is to be drafted.
    """
    store = sent.store
    number = await store.journal.count("agreement", settled_in(sent.id)) + 1

    def permit(_state: Agreement, version: int) -> None:
        if version:
            raise Refused(
                "agreement-drafted", "an agreement is in the making: draft a version of it", 409
            )

    outcome = await store.do(
        agreement,
        f"{sent.id}.{number}",
        DraftAgreement(asked.by, sent.id, asked.clauses, asked.open_points),
        actor=sent.caller.sub,
        cause=sent.cause,
        fingerprint=sent.fingerprint,
        permit=permit,
    )
    return outcome_answer(outcome, 201, {"location": f"/agreements/{outcome.id}"})


async def version_drafted(sent: Sent, asked: DraftVersion) -> DraftAgreement:
    """Another version, with the names that parties chose; what was signed of the one before counts
    no more.
    """
    worded = await _words(sent)
    dispute: str = sent.state.dispute
    return DraftAgreement(asked.by, dispute, asked.clauses, asked.open_points, worded.names)


async def name_shown(sent: Sent, asked: ShowName) -> DraftAgreement:
    """The same clauses, under another name of one's own party."""
    worded, state = await _words(sent), sent.state
    party = state.circle.party_of(asked.by)
    names = {key: name for key, name in worded.names if key != party}
    if asked.name is not None:
        names[party] = asked.name
    named = tuple(sorted(names.items()))
    return DraftAgreement(asked.by, state.dispute, worded.clauses, worded.open_points, named)


async def _words(sent: Sent) -> AgreementWorded:
    """The present version in words; none where all were forgotten: the rules say then that there is
    no draft any more.
    """
    stream = agreement.stream(sent.id)
    found: dict[int, Any] = versions(await sent.store.journal.dossier(stream))
    now = found.get(sent.state.version)
    return AgreementWorded(0, (), (), ()) if now is None else now.worded

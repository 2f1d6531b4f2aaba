"""The words of an agreement's versions, as its dossier has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_events import AgreementWorded
from services.mediation.domain.agreements.agreement_state import Agreement
from services.mediation.domain.agreements.document import document
from shared.runtime.api import show_dossier
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry
from shared.runtime.problems import NotFound
from shared.runtime.store import Store


@dataclass(frozen=True, slots=True)
class Version:
    """A version in words, and when it was drafted."""

    worded: AgreementWorded
    at: datetime


def versions(entries: Sequence[DossierEntry]) -> dict[int, Version]:
    """By number."""
    found = (one for one in entries if one.name == AgreementWorded.__name__)
    read = (Version(msgspec.convert(one.data, AgreementWorded), one.at) for one in found)
    return {one.worded.version: one for one in read}


async def seen(
    store: Store, caller: Caller, id: str, purpose: str
) -> tuple[Agreement, dict[int, Version]]:
    """An agreement that the caller is in, and its versions; the reading is recorded. Raises
    `NotFound`, also where all words were forgotten.
    """
    snapshot = await store.get(agreement, id)
    if snapshot is None or not is_in(snapshot.state, caller.sub):
        raise NotFound
    entries = await show_dossier(store, caller, agreement.stream(id), purpose)
    found = versions(entries)
    if snapshot.state.version not in found:
        raise NotFound
    return snapshot.state, found


def is_in(state: Agreement, person: str) -> bool:
    """Whether somebody may read it."""
    return person in state.holders or person in state.circle.judges


def document_of(state: Agreement, version: Version) -> dict[str, Any]:
    """The settlement document of the present version."""
    assert state.drafted_at is not None, "it was drafted"
    return document(
        agreement=state.agreement,
        version=state.version,
        dispute=state.dispute,
        kind=state.kind,
        drafted_at=state.drafted_at,
        cooling_off_days=state.cooling_off_days,
        mediator=state.mediator,
        parties=state.parties,
        names=dict(version.worded.names),
        clauses=version.worded.clauses,
        open_points=version.worded.open_points,
        masked=state.masked,
    )

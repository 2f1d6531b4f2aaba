"""Petitions for another system, as CSV: with their words, under the columns that it expects.

The mapping is that of an import, read the other way round: `columns` and `values` say what each
field is called there, the first of `dates` how times are written. What one system hands over
another one imports by the same mapping. Nobody's name goes along; the words do, and so each
dossier's reading is recorded. Reports (举报) are not handed over.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from services.petitions.domain.adoption import ADOPTED
from services.petitions.domain.dossier import AnswerWritten, PetitionDescribed
from services.petitions.domain.petition import petition
from services.petitions.domain.state import NEVER, Petition
from services.petitions.importing import ImportedField, Plan
from services.petitions.statistics import Selection
from shared.contracts.types import PetitionKind
from shared.runtime.journal import DossierEntry, Query
from shared.runtime.store import Store
from shared.runtime.tables import csv_head, csv_lines
from shared.worktime.hours import CHINA

ROWS_AT_ONCE = 200
"""Petitions read together, each with its dossier."""


async def hand_over(
    store: Store, selection: Selection, mapping: Plan, by: str
) -> AsyncIterator[bytes]:
    """The file in pieces, the oldest petition first. A piece is given out after the readings of its
    dossiers are recorded. Raises `Unavailable`.
    """
    yield csv_head(tuple(mapping.columns.values()))
    where = {**selection.where(), "kind": {"$ne": PetitionKind.REPORT.value}}
    some: dict[str, Petition] = {}
    async for id, state in store.find(petition, Query(where, limit=ROWS_AT_ONCE)):
        some[id] = state
        if len(some) == ROWS_AT_ONCE:
            yield await _lines(store, some, mapping, by)
            some = {}
    if some:
        yield await _lines(store, some, mapping, by)


async def _lines(store: Store, petitions: Mapping[str, Petition], mapping: Plan, by: str) -> bytes:
    streams = {petition.stream(id): state for id, state in petitions.items()}
    dossiers = await store.journal.dossiers(list(streams))
    rows = [
        row
        for stream, state in streams.items()
        if (row := _row(state, dossiers.get(stream, []), mapping)) is not None
    ]
    purpose = f"handed over to {mapping.source}"
    await store.journal.record_reading(by, list(streams), purpose, store.clock.now())
    return csv_lines(rows, tuple(mapping.columns.values()))


def _row(state: Petition, entries: list[DossierEntry], mapping: Plan) -> dict[str, str] | None:
    """The cells by the other system's columns; None where the words were forgotten."""
    described = _latest(entries, PetitionDescribed.__name__)
    if described is None:
        return None
    answer = _latest(entries, AnswerWritten.__name__)
    given: dict[ImportedField, Any] = {
        ImportedField.ID: state.receipt,
        ImportedField.TITLE: described.data["title"],
        ImportedField.TEXT: described.data["text"],
        ImportedField.RAISED_AT: state.filed_at if state.raised_at == NEVER else state.raised_at,
        ImportedField.KIND: state.kind.value,
        ImportedField.CATEGORY: state.category,
        ImportedField.PLACE: state.place,
        ImportedField.URGENCY: state.urgency.value,
    }
    if answer is not None:
        there = state.closed_at if state.outcome == ADOPTED else None
        given |= {
            ImportedField.ANSWER: answer.data["done"],
            ImportedField.ANSWERED_AT: there or answer.at,
            ImportedField.ANSWERED_BY: answer.data["done_by"],
        }
    return {
        column: _written(one, given.get(one), mapping) for one, column in mapping.columns.items()
    }


def _latest(entries: list[DossierEntry], name: str) -> DossierEntry | None:
    return next((entry for entry in reversed(entries) if entry.name == name), None)


def _written(one: ImportedField, value: Any, mapping: Plan) -> str:
    """The value as the other system writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime(mapping.dates[0])
    theirs = {ours: there for there, ours in reversed(mapping.values.get(one, {}).items())}
    return theirs.get(value, str(value))

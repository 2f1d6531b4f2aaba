"""From which documents credentials are made, and what becomes of their fields: a table.

Another kind of document is a row more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.contracts.ledger.credentials import CredentialKind

DOCUMENT_CLAIM = "document"
"""The claim with the document's own digest: who shows it lets others look for the seal."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a document of a type becomes: a credential about that, called `name` in the credential,
    valid for so long, with a claim for each of these fields of the document.
    """

    about: CredentialKind
    name: str
    valid_for: timedelta
    fields: tuple[str, ...]


FORMS: Mapping[str, Form] = {
    "cn.jinlin.volunteering.certificate-of-hours.v1": Form(
        CredentialKind.VOLUNTEERING_HOURS,
        "VolunteeringHoursCredential",
        timedelta(days=3 * 365),
        (
            "number",
            "volunteer",
            "name",
            "from",
            "to",
            "issued_at",
            "minutes",
            "services",
            "replaces",
        ),
    ),
    "cn.jinlin.mediation.settlement.v1": Form(
        CredentialKind.SETTLEMENT,
        "SettlementCredential",
        timedelta(days=5 * 365),
        (
            "agreement",
            "version",
            "dispute",
            "kind",
            "drafted_at",
            "cooling_off_days",
            "mediator",
            "parties",
            "clauses",
            "whole",
            "open_points",
        ),
    ),
}
"""By the ``type`` that a document names."""

MOST_CLAIMS = 1 + max(len(form.fields) for form in FORMS.values())


def form_of(document: Mapping[str, Any]) -> Form | None:
    """What a document becomes; None for one that becomes nothing."""
    type = document.get("type")
    form = FORMS.get(type) if isinstance(type, str) else None
    return form if form is not None and document.keys() >= {*form.fields} else None


def claims_of(document: Mapping[str, Any], form: Form, digest: str) -> dict[str, Any]:
    """What the credential says: the document's fields, also those without a value; its digest."""
    return {**{name: document[name] for name in form.fields}, DOCUMENT_CLAIM: digest}


def read_document(words: str) -> Mapping[str, Any]:
    """The document as plain values; empty for what is none."""
    try:
        document = json.loads(words)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}

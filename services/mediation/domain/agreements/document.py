"""The settlement document (调解协议书): what was agreed, in a form that is the same byte for byte
wherever it is written, so that its digest proves it.

It is of one version. Who signed it when is not in it: what is signed cannot say so itself.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.agreements.agreement_events import Bound
from shared.contracts.mediation.disputes import DisputeKind

TYPE = "cn.jinlin.mediation.settlement.v1"
"""What the canonical form says that it is."""


def document(
    *,
    agreement: str,
    version: int,
    dispute: str,
    kind: DisputeKind,
    drafted_at: datetime,
    cooling_off_days: int,
    mediator: str | None,
    parties: Sequence[Bound],
    names: Mapping[str, str],
    clauses: Sequence[ClauseDraft],
    open_points: Sequence[str],
    masked: Sequence[str] = (),
) -> dict[str, Any]:
    """A version as plain values: texts, whole numbers, true and false, null. Parties are subjects,
    with names where they chose to show them. Where some were erased the parties `masked` are named:
    it is not what was signed any more, but what the others keep of it.
    """
    kept: dict[str, Any] = {"masked": list(masked)} if masked else {}
    return {
        "type": TYPE,
        "agreement": agreement,
        "version": version,
        "dispute": dispute,
        "kind": kind.value,
        "drafted_at": moment(drafted_at),
        "cooling_off_days": cooling_off_days,
        "mediator": mediator,
        "parties": [
            {
                "party": one.party,
                "side": one.side,
                "subject": one.person,
                "organisation": one.organisation,
                "name": names.get(one.party),
            }
            for one in parties
        ],
        "clauses": [
            {
                "clause": n,
                "party": one.party,
                "what": one.what,
                "until": moment(one.until),
                "cents": one.cents,
            }
            for n, one in enumerate(clauses, start=1)
        ],
        "whole": not open_points,
        "open_points": list(open_points),
        **kept,
    }


def digest_of(document: Mapping[str, Any], canonical: Callable[[Any], bytes]) -> str:
    """The SHA-256 of its canonical form, in hex."""
    return sha256(canonical(document)).hexdigest()


def moment(at: datetime) -> str:
    """A time as documents write it: RFC 3339, UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""What is told of the world to the rules of agreements."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import rfc8785

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    DraftAgreement,
    LearnAgreementCircle,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_state import Agreement, Around
from services.mediation.domain.disputes.dispute import dispute
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking
from shared.runtime.tries import Tries

KEPT: tuple[MakeKept, ...] = (partial(Tries),)


def canonical(document: Any) -> bytes:
    """A document as RFC 8785 writes it, in UTF-8."""
    return rfc8785.dumps(document)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    return {"agreement": Looking(_looked_at, _around)}


def dispute_in(id: str) -> str:
    """The dispute that an agreement of this id belongs to: agreements of a dispute are numbered."""
    return id.rpartition(".")[0]


def before_it(id: str) -> str | None:
    """The agreement of the same dispute with the number before; None for the first."""
    dispute, _, number = id.rpartition(".")
    return f"{dispute}.{int(number) - 1}" if number.isdigit() and int(number) > 1 else None


def _looked_at(id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    match command:
        case DraftAgreement():
            before = before_it(id)
            looked_at = ((dispute, dispute_in(id)),)
            return looked_at if before is None else (*looked_at, (agreement, before))
        case SignAgreement() | LearnAgreementCircle():
            return ((dispute, dispute_in(id)),)
    return ()


def _around(id: str, command: Command, _state: Agreement, _now: datetime, beside: Beside) -> Around:
    match command:
        case DraftAgreement():
            code = before_it(id)
            before = None if code is None else beside(agreement, code)
            return Around(id, beside(dispute, dispute_in(id)), canonical, before)
        case SignAgreement() | LearnAgreementCircle():
            return Around(id, beside(dispute, dispute_in(id)), canonical)
    return Around(id)

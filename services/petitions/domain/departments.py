"""The departments called together on a petition (会诊), and how each one's part stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.types import Level
from shared.runtime.aggregate import Rejected


class Body(StrEnum):
    """Whether an organisation can be called onto a petition."""

    FIT = "fit"
    """A department, or a partner unit."""
    UNFIT = "unfit"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class PartStatus(StrEnum):
    """Where a department's part stands."""

    CALLED = "called"
    REFUSED = "refused"
    SILENT = "silent"
    """It said nothing in time."""
    ACCEPTED = "accepted"
    LATE = "late"
    """Accepted, and not delivered in time."""
    DELIVERED = "delivered"
    HANDED_OVER = "handed-over"
    """Another department has the part now."""
    RULED_OUT = "ruled-out"


AT_WORK = frozenset({PartStatus.ACCEPTED, PartStatus.LATE})
TO_ACCEPT = frozenset({PartStatus.CALLED, PartStatus.REFUSED, PartStatus.SILENT})
TO_DECIDE = frozenset({PartStatus.REFUSED, PartStatus.SILENT, PartStatus.LATE})
"""The caller's level says what becomes of it."""
SETTLED = frozenset({PartStatus.DELIVERED, PartStatus.HANDED_OVER, PartStatus.RULED_OUT})
_WANTED = {
    "accept-part": TO_ACCEPT,
    "refuse-part": frozenset({PartStatus.CALLED}),
    "deliver-part": AT_WORK,
}
"""The verbs of a department, and how its part must stand for them."""
VERBS = frozenset({*_WANTED, "insist", "hand-over", "rule-out", "minute"})
"""The verbs of an open consultation."""
GONE = frozenset({PartStatus.HANDED_OVER, PartStatus.RULED_OUT})


@dataclass(frozen=True, slots=True)
class Part:
    """What one department owes: a word by `accept_by`, its part by `part_by`.

    `again` says that it took the part over from another department: it is not handed over twice.
    """

    department: str
    accept_by: datetime
    status: PartStatus = PartStatus.CALLED
    part_by: datetime | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Consultation:
    """Departments called `by` somebody for `level`. The `lead` gives the joint answer; None when it
    was ruled out: then the caller's level does.
    """

    by: str
    level: Level
    lead: str | None
    parts: tuple[Part, ...]
    open: bool = True

    def part(self, department: str | None) -> Part | None:
        """The department's part, None where it was not called."""
        return next((part for part in self.parts if part.department == department), None)

    def complete(self) -> bool:
        """Whether every part is in or ruled out."""
        return all(part.status in SETTLED for part in self.parts)

    def called(self, department: str | None) -> bool:
        """Whether the department is, or was to the end, one of those called."""
        part = self.part(department)
        return part is not None and part.status not in GONE


def must_be_fit(department: str, body: Body) -> None:
    """Raises `Rejected` for whom nobody can call."""
    match body:
        case Body.UNKNOWN:
            raise Rejected(
                "unknown-department",
                f"no organisation {department} is registered",
                department=department,
            )
        case Body.CLOSED:
            raise Rejected(
                "department-closed",
                f"{department} exists no more: call the one that has its duties now",
                department=department,
            )
        case Body.UNFIT:
            raise Rejected(
                "no-department",
                f"{department} is neither a department nor a partner unit",
                department=department,
            )


def objection(consultation: Consultation | None, verb: str, org: str | None) -> Rejected | None:
    """Why somebody of this organisation cannot use one of `VERBS` now, None where they can.

    Whether the sender may decide for the caller's level is not looked at.
    """
    if consultation is None or not consultation.open:
        return Rejected("no-consultation", "no departments are called together on it now")
    if (wanted := _WANTED.get(verb)) is None:
        return None
    part = consultation.part(org)
    if part is None:
        return Rejected("department-not-called", "your department is not called on this petition")
    if part.status not in wanted:
        return Rejected(
            "part-stands-otherwise", f"your department's part is {part.status}", status=part.status
        )
    return None


def answer_objection(consultation: Consultation | None) -> Rejected | None:
    """Why the joint answer cannot be given yet."""
    if consultation is None or not consultation.open or consultation.complete():
        return None
    missing = ", ".join(p.department for p in consultation.parts if p.status not in SETTLED)
    return Rejected(
        "parts-missing",
        f"departments still owe their parts: {missing}; have them delivered or ruled out first",
        missing=missing,
    )


def leads(consultation: Consultation | None, org: str | None) -> bool:
    """Whether the organisation gives the joint answer."""
    return (
        consultation is not None
        and consultation.open
        and org is not None
        and consultation.lead == org
    )

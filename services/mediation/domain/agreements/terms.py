"""The numbers of agreements."""

from collections.abc import Mapping
from datetime import timedelta

from shared.contracts.mediation.disputes import DisputeKind

COOLING_OFF: Mapping[DisputeKind, int] = {
    DisputeKind.CONSUMER: 7,
    DisputeKind.MEDICAL: 7,
    DisputeKind.FAMILY: 3,
    DisputeKind.LABOUR: 3,
    DisputeKind.PROPERTY_COMPANY: 3,
}
"""Days in which a party can think better of what it signed; for other kinds there are none: the
agreement is in force when the last party has signed.
"""
MOST_CLAUSES = 50
MOST_OPEN_POINTS = 20
"""What an agreement may leave open, point by point."""
MOST_VERSIONS = 30
LONGEST_TERM = timedelta(days=5 * 366)
"""Until a clause has to be done."""
MOST_CENTS = 100_000_000_00
"""Of one clause: a hundred million yuan."""
REMIND_BEFORE = timedelta(days=3)
"""So long before a clause is due its debtors are reminded."""
ANSWER_WITHIN = timedelta(days=14)
"""In which the others say whether what was reported is done; silence counts as yes."""
ASK_AGAIN_BEFORE = timedelta(days=7)
"""So long before that they are asked once more."""
JUDICIAL_WITHIN = timedelta(days=30)
"""From the day it is in force: so long the parties can apply together for judicial confirmation
(People's Mediation Law, article 33).
"""
JUDICIAL_REMIND_BEFORE = timedelta(days=7)

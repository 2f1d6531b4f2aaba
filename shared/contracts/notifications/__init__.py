"""The public events of **notifications**: that somebody was told, what is broadcast where, and
which alarm calls whom. Ids, codes, times and counts; never a text.
"""

from shared.contracts.notifications.alarms import (
    AlarmAcknowledged,
    AlarmClimbed,
    AlarmRaised,
    AlarmResolved,
    AlarmUnanswered,
)
from shared.contracts.notifications.broadcasts import (
    BroadcastApproved,
    BroadcastDone,
    BroadcastPageDue,
    BroadcastSentBack,
    BroadcastStopped,
    BroadcastSubmitted,
)
from shared.contracts.notifications.messages import (
    AddressCodeAsked,
    AddressWay,
    DigestDue,
    MessagePosted,
    MessageRead,
)

__all__ = [
    "AddressCodeAsked",
    "AddressWay",
    "AlarmAcknowledged",
    "AlarmClimbed",
    "AlarmRaised",
    "AlarmResolved",
    "AlarmUnanswered",
    "BroadcastApproved",
    "BroadcastDone",
    "BroadcastPageDue",
    "BroadcastSentBack",
    "BroadcastStopped",
    "BroadcastSubmitted",
    "DigestDue",
    "MessagePosted",
    "MessageRead",
]

"""Webhooks: who is called no more. Ids, codes and times."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class WebhookDisabled(Event):
    """The endpoint of a subscription is called no more until somebody enables it again. `owner` is
    who answers for it; `because` says why: ``unreachable`` (for three days), ``gone`` (it said so),
    ``by-hand``. `since` is when the first call failed, where that is why.
    """

    webhook: str
    owner: str
    because: str
    since: datetime | None = None

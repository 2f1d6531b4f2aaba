"""What notifications has read, and whom it has told."""

from collections import Counter

from tests.e2e.town import Town


def messages_told(town: Town) -> Counter[tuple[str, str, str]]:
    """How often each was told what of which event."""
    found = town.store("notifications")["state_message"].find({}, {"s": 1})
    return Counter((one["s"]["recipient"], one["s"]["kind"], one["s"]["event"]) for one in found)


def has_read_all(town: Town) -> bool:
    """Whether nothing waits for it in any partition."""
    lines = town.metrics("notifications").splitlines()
    lag = [line for line in lines if line.startswith("jinlin_consumer_lag{")]
    return bool(lag) and all(line.endswith(" 0.0") for line in lag)

"""How fast, and whether: what a provider takes a second, and what keeps one that is down from being
asked all the time.
"""

from dataclasses import dataclass, field

BURST_SECONDS = 1.0
"""So much of its rate may come at once after a pause."""
TROUBLES = 5
"""So many letters in a row that a provider could not take: then it is left alone for a while."""
FIRST_REST, LONGEST_REST = 2.0, 60.0
"""Seconds for which it is left alone, doubled each time up to the longest."""


class Pace:
    """A bucket of tokens: `rate` a second, never more than a burst of them."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._most = max(1.0, rate * BURST_SECONDS)
        self._tokens = self._most
        self._at = float("-inf")

    def take(self, now: float) -> bool:
        """Takes one, if there is one. `now` are seconds that never run backwards."""
        self._fill(now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def wait(self, now: float) -> float:
        """Seconds until there is one."""
        self._fill(now)
        return max(0.0, (1 - self._tokens) / self._rate)

    def _fill(self, now: float) -> None:
        if now > self._at:
            self._tokens = min(self._most, self._tokens + (now - self._at) * self._rate)
            self._at = now


@dataclass(slots=True)
class Fuse:
    """Of one provider: it blows after so many troubles in a row, and is tried again with one letter
    when its rest is over. One that is well needs none.
    """

    troubles: int = 0
    rest: float = field(default_factory=lambda: FIRST_REST)
    until: float = float("-inf")

    @property
    def troubled(self) -> bool:
        """Whether it is to be tried with one letter only."""
        return self.troubles >= TROUBLES

    def blown(self, now: float) -> bool:
        """Whether the provider is left alone now."""
        return now < self.until

    def trouble(self, now: float, retry_after: float = 0.0) -> None:
        """The provider could not take a letter; or it asked for a pause, which it gets."""
        self.troubles += 1
        if self.troubles >= TROUBLES and not self.blown(now):  # of many at once the first counts
            self.until = now + self.rest
            self.rest = min(2 * self.rest, LONGEST_REST)
        if retry_after:
            self.until = max(self.until, now + retry_after)

"""One call to an endpoint: signed, sent, timed; what came of it as a word."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.subscriptions.calling.messages import Message
from services.subscriptions.calling.signing import Signer
from shared.runtime import metrics
from shared.runtime.addresses import NotAllowed
from shared.runtime.clock import Clock
from shared.runtime.outgoing import Answer, Outgoing, Unreachable

GONE = 410
THROTTLING = (429, 503)
"""With these an endpoint may say when it wants to be called again."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a call: `outcome` is the answer's status, or a code where there was none."""

    outcome: str
    milliseconds: int
    answer: Answer | None = None

    @property
    def taken(self) -> bool:
        """Whether the endpoint took it."""
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def gone(self) -> bool:
        """Whether it wants no more calls, ever."""
        return self.answer is not None and self.answer.status == GONE

    @property
    def retry_after(self) -> str | None:
        """When it wants to be called again, as it says."""
        if self.answer is None or self.answer.status not in THROTTLING:
            return None
        return self.answer.headers.get("retry-after")


@dataclass(frozen=True, slots=True)
class Posting:
    """How an endpoint is called."""

    service: str
    url: str
    signer: Signer
    client: Outgoing
    clock: Clock

    async def post(self, message: Message) -> Came:
        """Sends a message. Its timestamp is that of this attempt."""
        signed = self.signer.headers(message.id, int(self.clock.now().timestamp()), message.body)
        began = self.clock.monotonic()
        answer: Answer | None = None
        try:
            answer = await self.client.post(
                self.url, _joined(message.headers, signed), message.body
            )
            outcome = str(answer.status)
        except Unreachable as error:
            outcome = error.reason
        except NotAllowed as error:
            outcome = f"not-allowed-{error.reason}"
        seconds = self.clock.monotonic() - began
        came = Came(outcome, round(1000 * seconds), answer)
        metrics.WEBHOOK_CALLS.labels(self.service, _kind(came)).inc()
        metrics.WEBHOOK_SECONDS.labels(self.service).observe(seconds)
        return came


def _joined(*headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for each in headers for name, value in each.items()}


def _kind(came: Came) -> str:
    if came.answer is not None:
        return f"{came.answer.status // 100}xx"
    return "not-allowed" if came.outcome.startswith("not-allowed") else "unreachable"

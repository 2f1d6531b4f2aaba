"""What is said in a consultation: the commands of callers and departments, and the words and events
that are not published.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, Text
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class Consult(Command):
    """Call departments (organisations) together; one of them leads. Say what is wanted of them."""

    by: Id
    departments: tuple[Id, ...]
    lead: Id
    question: Text


@dataclass(frozen=True, slots=True)
class AcceptPart(Command):
    """A department takes its part on."""

    by: Id
    org: Id | None = None


@dataclass(frozen=True, slots=True)
class RefusePart(Command):
    """A department says why the matter is not its own."""

    by: Id
    reason: Text
    org: Id | None = None


@dataclass(frozen=True, slots=True)
class DeliverPart(Command):
    """A department hands in its part: what it did or found."""

    by: Id
    text: Text
    org: Id | None = None


@dataclass(frozen=True, slots=True)
class Insist(Command):
    """A department that refused or said nothing has to do its part all the same."""

    by: Id
    department: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class HandOver(Command):
    """Another department gets the part; a part is handed over once."""

    by: Id
    department: Id
    instead: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class RuleOut(Command):
    """The part is not needed."""

    by: Id
    department: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class Minute(Command):
    """Write down what was said (会议纪要)."""

    by: Id
    text: Text
    org: Id | None = None


# --- what is not published ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionPut(Personal):
    """What is wanted of the departments."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class PartWritten(Personal):
    """A department's part, in its words."""

    department: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class MinuteWritten(Personal):
    """A minute of the consultation."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class LeftUnsolved(Event):
    """A level from the community up did not solve it: it stands on the quarterly list."""

    at: datetime

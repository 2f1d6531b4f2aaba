"""Minutes: drafted by the mediator, final when each side has agreed to the same wording."""

from datetime import datetime, timedelta

from services.mediation.domain.sessions.polling import after
from services.mediation.domain.sessions.session_commands import (
    MOST_DRAFTS,
    AgreeToMinutes,
    DraftMinutes,
    ObjectToMinutes,
)
from services.mediation.domain.sessions.session_events import (
    MinutesAgreedTo,
    MinutesObjection,
    MinutesWritten,
)
from services.mediation.domain.sessions.session_state import Minutes, Session
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    MinutesAgreed,
    MinutesAwaited,
    MinutesDrafted,
    MinutesObjectedTo,
)
from shared.runtime.aggregate import Rejected

REMIND_AFTER = timedelta(days=3)
"""Whoever has said nothing to a draft for so long is reminded, once."""


def drafted(command: DraftMinutes, session: Session, now: datetime) -> list[Event]:
    """Each draft is read anew: who agreed to the former one has not agreed to this."""
    minutes = session.minutes
    if minutes is not None and minutes.final:
        raise Rejected("minutes-final", "the minutes were agreed: they stay as they are")
    version = 1 if minutes is None else minutes.version + 1
    if version > MOST_DRAFTS:
        raise Rejected("too-many-drafts", f"at most {MOST_DRAFTS} drafts", most=MOST_DRAFTS)
    asked = session.circle.people
    return [
        MinutesDrafted(session.session, session.dispute, version, asked, now),
        MinutesWritten(version, command.text),
    ]


def agreed(command: AgreeToMinutes, session: Session) -> list[Event]:
    """With the last side that was awaited they are final, unless somebody still objects."""
    minutes = _draft(session, command.version)
    _must_speak(command.by, session)
    if command.by in minutes.agree:
        return []
    said: Event = MinutesAgreedTo(command.by)
    now = after(session, [said]).minutes
    assert now is not None, "what is agreed to was drafted"
    sides = {one.side for one in session.circle.speakers}
    if now.object or not sides <= {session.circle.side_of(one) for one in now.agree}:
        return [said]
    final = MinutesAgreed(session.session, session.dispute, minutes.version, session.people)
    return [said, final]


def objected(command: ObjectToMinutes, session: Session) -> list[Event]:
    """The mediator hears of it, and drafts them anew."""
    minutes = _draft(session, command.version)
    _must_speak(command.by, session)
    mediator = session.circle.mediator
    objection = MinutesObjection(minutes.version, command.by, command.text)
    told = MinutesObjectedTo(
        session.session, session.dispute, minutes.version, mediator, command.by
    )
    return [told, objection]


def _draft(session: Session, version: int) -> Minutes:
    minutes = session.minutes
    if minutes is None:
        raise Rejected("no-minutes", "nothing was drafted")
    if minutes.final:
        raise Rejected("minutes-final", "the minutes were agreed: they stay as they are")
    if version != minutes.version:
        raise Rejected(
            "minutes-other-version",
            f"version {minutes.version} is the present one: read it first",
            version=minutes.version,
        )
    return minutes


def _must_speak(person: str, session: Session) -> None:
    if session.circle.side_of(person) is None:
        raise Rejected("not-a-side", "those who speak for a side agree to minutes or object")


# --- time ----------------------------------------------------------------------------------------


def due(session: Session) -> datetime | None:
    """When those who have said nothing are reminded."""
    minutes = session.minutes
    if minutes is None or minutes.final or minutes.awaited or minutes.drafted is None:
        return None
    return minutes.drafted + REMIND_AFTER


def passed(session: Session) -> list[Event]:
    """They are reminded; those whose side has agreed are not."""
    minutes, circle = session.minutes, session.circle
    assert minutes is not None, "what is awaited was drafted"
    done = {circle.side_of(one) for one in minutes.agree}
    silent = tuple(
        one
        for one in circle.people
        if circle.side_of(one) not in done and one not in minutes.object
    )
    return [MinutesAwaited(session.session, session.dispute, minutes.version, silent)]

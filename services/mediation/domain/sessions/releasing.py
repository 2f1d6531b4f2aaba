"""Giving minutes to somebody outside: only with the consent of every party that took part.

What was said in a private talk is given to nobody: the other parties could not consent without
hearing of it.
"""

from datetime import datetime, timedelta

from services.mediation.domain.sessions.polling import after
from services.mediation.domain.sessions.session_commands import (
    MOST_RELEASES,
    AskRelease,
    ConsentToRelease,
    RefuseRelease,
)
from services.mediation.domain.sessions.session_events import ReleaseConsented, ReleaseTold
from services.mediation.domain.sessions.session_state import Given, Release, Session
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    MinutesReleaseAsked,
    MinutesReleased,
    MinutesReleaseEnded,
)
from shared.runtime.aggregate import Rejected

READ_WITHIN = timedelta(days=30)
"""So long whoever the minutes were given to may read them."""


def asked(command: AskRelease, session: Session, now: datetime) -> list[Event]:
    """The party that asks consents; the others are asked."""
    if session.side is not None:
        raise Rejected("private-stays", "what was said in a private talk is given to nobody")
    minutes = session.minutes
    if minutes is None or not minutes.final:
        raise Rejected("minutes-not-final", "minutes are given out once all sides agree to them")
    if command.to in session.people:
        raise Rejected("reads-them-already", "this person may read the minutes as it is")
    number = len(session.releases) + 1
    if number > MOST_RELEASES:
        raise Rejected("too-many-releases", f"at most {MOST_RELEASES} times", most=MOST_RELEASES)
    question = MinutesReleaseAsked(
        session.session, session.dispute, number, command.to, command.by, session.circle.people
    )
    told = ReleaseTold(number, command.name, command.purpose)
    asked_now = after(session, [question])
    return [question, told, *_consent(asked_now, number, command.by, now)]


def consented(command: ConsentToRelease, session: Session, now: datetime) -> list[Event]:
    """With the last party's consent they are given out."""
    release = _release(session, command.release)
    if release.given is not Given.ASKED:
        raise Rejected("release-answered", "this was answered before")
    _must_be_a_party(command.by, session)
    return _consent(session, release.number, command.by, now)


def refused(command: RefuseRelease, session: Session) -> list[Event]:
    """One party is enough; also when all had consented."""
    release = _release(session, command.release)
    _must_be_a_party(command.by, session)
    if release.given is Given.ENDED:
        return []
    told = tuple(one for one in session.circle.people if one != command.by)
    return [
        MinutesReleaseEnded(
            session.session,
            session.dispute,
            release.number,
            release.to,
            told,
            command.by,
            release.given is Given.RELEASED,
        )
    ]


def may_read(session: Session, person: str, now: datetime) -> Release | None:
    """The release by which somebody outside may read the minutes now."""
    return next(
        (
            one
            for one in reversed(session.releases)
            if one.to == person
            and one.given is Given.RELEASED
            and one.until is not None
            and now < one.until
        ),
        None,
    )


def _consent(session: Session, number: int, person: str, now: datetime) -> list[Event]:
    """All the parties that the person speaks for consent."""
    asked_now = session.release(number)
    assert asked_now is not None, "what is consented to was asked"
    theirs = dict.fromkeys(one.party for one in session.circle.speakers if one.person == person)
    new = [one for one in theirs if one not in asked_now.consents]
    consents: list[Event] = [ReleaseConsented(number, party) for party in new]
    if not new or set(session.parties) - {*asked_now.consents, *new}:
        return consents
    given = MinutesReleased(
        session.session, session.dispute, number, asked_now.to, now + READ_WITHIN
    )
    return [*consents, given]


def _release(session: Session, number: int) -> Release:
    release = session.release(number)
    if release is None:
        raise Rejected("no-such-release", "nobody asked for this")
    return release


def _must_be_a_party(person: str, session: Session) -> None:
    if session.circle.party_of(person) is None:
        raise Rejected("not-a-party", "those who speak for a party consent or refuse")

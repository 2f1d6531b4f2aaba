"""How a session changes once it is held: who was there, minutes, to whom they are given."""

from services.mediation.domain.sessions.session_events import (
    MinutesAgreedTo,
    ReleaseConsented,
    SessionForgotten,
    SessionLinked,
)
from services.mediation.domain.sessions.session_state import (
    Given,
    Minutes,
    Release,
    Session,
    Status,
)
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import (
    MinutesAgreed,
    MinutesAwaited,
    MinutesDrafted,
    MinutesObjectedTo,
    MinutesReleaseAsked,
    MinutesReleased,
    MinutesReleaseEnded,
    SessionAdjourned,
    SessionHeld,
    SessionUnrecorded,
)
from shared.runtime.aggregate import changed


def evolve(session: Session, event: Event) -> Session:
    """The session after an event that comes once it is held, or could not begin."""
    match event:
        case SessionHeld(begun=begun, ended=ended, present=present):
            parties = tuple(dict.fromkeys(one.party for one in session.circle.speakers))
            return changed(
                session,
                status=Status.HELD,
                begun=begun,
                ended=ended,
                present=present,
                parties=parties,
            )
        case SessionAdjourned():
            status = Status.HELD if session.status is Status.HELD else Status.ADJOURNED
            return changed(session, status=status, adjourned=True)
        case SessionUnrecorded():
            return changed(session, unrecorded_told=True)
        case SessionLinked(next=id):
            return changed(session, next=id)
        case SessionForgotten():
            return changed(session, minutes=None, releases=(), readers=())
        case MinutesDrafted(version=version, drafted=drafted):
            return changed(session, minutes=Minutes(version, drafted))
        case MinutesAgreedTo() | MinutesObjectedTo() | MinutesAwaited() | MinutesAgreed():
            return changed(session, minutes=_minutes(session.minutes, event))
        case MinutesReleaseAsked(release=number, to=to, by=by):
            return changed(session, releases=(*session.releases, Release(number, to, by)))
        case ReleaseConsented() | MinutesReleased() | MinutesReleaseEnded():
            return _released(session, event)
    return session


def _minutes(minutes: Minutes | None, event: Event) -> Minutes:
    assert minutes is not None, "what is agreed to was drafted"
    match event:
        case MinutesAgreedTo(person=person):
            objecting = tuple(one for one in minutes.object if one != person)
            agree = (*(one for one in minutes.agree if one != person), person)
            return changed(minutes, agree=agree, object=objecting)
        case MinutesObjectedTo(by=person):
            agree = tuple(one for one in minutes.agree if one != person)
            objecting = (*(one for one in minutes.object if one != person), person)
            return changed(minutes, agree=agree, object=objecting)
        case MinutesAwaited():
            return changed(minutes, awaited=True)
        case MinutesAgreed():
            return changed(minutes, final=True)
    return minutes


def _released(session: Session, event: Event) -> Session:
    releases = tuple(
        _release(one, event) if one.number == getattr(event, "release", None) else one
        for one in session.releases
    )
    readers = tuple(one.to for one in releases if one.given is Given.RELEASED)
    return changed(session, releases=releases, readers=readers)


def _release(release: Release, event: Event) -> Release:
    match event:
        case ReleaseConsented(party=party):
            return changed(release, consents=(*release.consents, party))
        case MinutesReleased(until=until):
            return changed(release, given=Given.RELEASED, until=until)
        case MinutesReleaseEnded():
            return changed(release, given=Given.ENDED)
    return release

"""Who is told what of sessions (调解会): those who are invited, and nobody else.

Of a private talk only that side hears. Whoever did something themselves is not told of it.
"""

from services.notifications.domain.telling import Telling, to
from shared.contracts import mediation
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        mediation.SessionRoomWanted,  # that it is set, or cannot be, follows
        mediation.SessionRoomGivenUp,
        mediation.SessionHeld,  # who was there knows it
        mediation.RoomOpened,  # rooms are looked up
        mediation.RoomClosed,  # sessions in it hear that they have none
        mediation.RoomHeld,
        mediation.RoomRefused,
        mediation.RoomFreed,
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case mediation.SessionConvened() as e:
            kind, asked, until = "session-times", e.session, e.answer_by
            return [
                to(one, kind, but_not=e.by, session=asked, answer_by=until) for one in e.invited
            ]
        case mediation.SessionTimesProposed() as e:
            kind, asked, until = "session-times-again", e.session, e.answer_by
            return [
                to(one, kind, but_not=e.by, session=asked, answer_by=until) for one in e.invited
            ]
        case mediation.SessionUnmet() as e:
            because = f"session-{e.because.value}"
            return [
                to(e.convener, "session-unmet", session=e.session, because=because),
                *(to(one, "session-unset", session=e.session) for one in e.told),
            ]
        case mediation.SessionSet() as e:
            return [to(one, "session-set", session=e.session, begin=e.begin) for one in e.invited]
        case mediation.SessionNear() as e:
            return [to(one, "session-near", session=e.session, begin=e.begin) for one in e.invited]
        case mediation.SessionCalledOff() as e:
            kind, off, because = "session-called-off", e.session, f"session-{e.because.value}"
            return [to(one, kind, but_not=e.by, session=off, because=because) for one in e.invited]
        case mediation.SessionAdjourned() as e:
            kind, put_off = "session-adjourned", e.session
            return [to(one, kind, but_not=e.by, session=put_off) for one in e.invited]
        case mediation.SessionUnrecorded() as e:
            return [to(e.mediator, "session-unrecorded", session=e.session)]
    return _of_minutes(event)


def _of_minutes(event: Event) -> list[Telling | None]:
    match event:
        case mediation.MinutesDrafted() as e:
            kind, of, version = "minutes-drafted", e.session, e.version
            return [to(one, kind, session=of, version=version) for one in e.asked]
        case mediation.MinutesObjectedTo() as e:
            return [to(e.mediator, "minutes-objected-to", session=e.session, version=e.version)]
        case mediation.MinutesAwaited() as e:
            kind, of, version = "minutes-awaited", e.session, e.version
            return [to(one, kind, session=of, version=version) for one in e.awaited]
        case mediation.MinutesAgreed() as e:
            return [to(one, "minutes-agreed", session=e.session) for one in e.told]
        case mediation.MinutesReleaseAsked() as e:
            kind, of = "minutes-release-asked", e.session
            return [to(one, kind, but_not=e.by, session=of) for one in e.asked]
        case mediation.MinutesReleased() as e:
            return [to(e.to, "minutes-released", session=e.session, until=e.until)]
        case mediation.MinutesReleaseEnded() as e:
            return [
                *(to(one, "minutes-release-ended", session=e.session) for one in e.told),
                to(e.to if e.given else None, "minutes-closed", session=e.session),
            ]
    return []

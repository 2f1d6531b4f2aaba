"""Sessions as calendar programs take them: iCalendar (RFC 5545, RFC 5546), in the city's time.

An invitation keeps its UID for ever; its sequence grows each time it is announced otherwise. What
it is about, and who else comes, stands in none of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from shared.worktime.hours import CHINA

ZONE = ZoneInfo("Asia/Shanghai")
PRODUCT = "-//Jinlin//mediation//ZH"
SINCE_1991 = datetime(1991, 9, 15)  # noqa: DTZ001 - RFC 5545 has it without a zone
"""When the city's last summer time ended: from then on it is eight hours ahead of UTC all year."""
TITLE = "调解会"

REQUEST, CANCEL = "REQUEST", "CANCEL"
CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One session, for one person who is to come."""

    session: str
    person: str
    begin: datetime
    end: datetime
    where: str
    status: str
    sequence: int
    organises: bool = False

    @property
    def method(self) -> str:
        """What a calendar program is to do with it."""
        return CANCEL if self.status == CANCELLED else REQUEST

    @property
    def media_type(self) -> str:
        """As RFC 6047 has it: the method stands in it, too."""
        return f"text/calendar; method={self.method}; charset=utf-8"


def as_icalendar(invitation: Invitation, now: datetime) -> bytes:
    """The invitation, or that it is called off."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", invitation.method)
    calendar.add_component(_zone())
    event = Event()
    event.add("uid", f"session-{invitation.session}@mediation.jinlin")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", invitation.begin.astimezone(ZONE))
    event.add("dtend", invitation.end.astimezone(ZONE))
    event.add("summary", TITLE)
    event.add("status", invitation.status)
    event.add("sequence", invitation.sequence)
    event.add("class", "CONFIDENTIAL")
    if invitation.where:
        event.add("location", invitation.where)
    event.add("organizer", vCalAddress("urn:jinlin:mediation"))
    event.add("attendee", _attendee(invitation), encode=False)
    calendar.add_component(event)
    return calendar.to_ical()


def _attendee(invitation: Invitation) -> vCalAddress:
    """The person who asks for it, and nobody else."""
    address = vCalAddress(f"urn:jinlin:person:{invitation.person}")
    address.params["role"] = vText("CHAIR" if invitation.organises else "REQ-PARTICIPANT")
    address.params["partstat"] = vText("NEEDS-ACTION")
    return address


def _zone() -> Timezone:
    zone = Timezone()
    zone.add("tzid", ZONE.key)
    standard = TimezoneStandard()
    standard.add("dtstart", SINCE_1991)
    standard.add("tzoffsetfrom", CHINA.utcoffset(None))
    standard.add("tzoffsetto", CHINA.utcoffset(None))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone

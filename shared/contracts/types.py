"""Values that commands and events share, with their bounds: every text and list has an end."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.fields import FieldInfo

PlaceCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A place's code: letters, digits, dots, dashes and underscores, 64 at most."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
"""An id of a stream, a person (pseudonymous subject) or an organisation."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A word from a list kept in configuration: a duty, a category, a channel."""

Origin = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z-]{0,31}:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
]
"""What something came of in another service, its kind and its id: ``patrol-finding:<id>``."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A short text that says something."""
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
"""A short free text that may be empty."""

PromiseNumber = Annotated[int, Field(ge=1, le=1_000)]
"""Which promise of a petition: they are counted from 1."""

Stars = Annotated[int, Field(ge=1, le=5)]

Measure = Annotated[float, Field(ge=-1_000, le=100_000, allow_inf_nan=False)]
"""What somebody measured, in the unit that its field names."""

DaySpan = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")
]
"""A part of the local day: ``08:30-12:00``; it may end at ``24:00``."""

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of the local day: ``19:30``."""

Weekday = Annotated[int, Field(ge=0, le=6)]
"""0 is Monday."""

BirthYear = Annotated[int, Field(ge=1900, le=2200)]

Age = Annotated[int, Field(ge=0, le=150)]
"""In completed years."""

PlaceCount = Annotated[int, Field(ge=1, le=500)]
"""How many places there are in something."""

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
"""A position in degrees."""

Metres = Annotated[int, Field(ge=10, le=1_000)]
"""A distance within a neighbourhood."""

Accuracy = Annotated[float, Field(ge=0, le=100_000)]
"""How many metres a position may be wrong, as a telephone tells it."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hex."""

EightDigits = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]

CheckInCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""Of the minute: ``042517``."""

SignCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{8}$")]
"""On the sign of a checkpoint."""

NameZh = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
NameEn = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
"""What something in a list is called in Chinese, in English."""

DurationText = Annotated[str, StringConstraints(pattern=r"^P[0-9DTHMS.]{2,30}$")]
"""A duration as in ISO 8601, in days and less: ``P3D``, ``PT2H``."""

LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")]
"""A language as in BCP 47: ``zh-Hans``, ``en``."""


def at_most(count: int) -> FieldInfo:
    """The bound of a list: ``Annotated[tuple[Code, ...], at_most(20)]``."""
    field: FieldInfo = Field(max_length=count)
    return field


def between(least: int, most: int) -> FieldInfo:
    """The bounds of a number: ``Annotated[int, between(15, 720)]``."""
    field: FieldInfo = Field(ge=least, le=most)
    return field


Year = Annotated[int, Field(ge=2000, le=2200)]
"""A calendar year."""

Month = Annotated[str, StringConstraints(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$")]
"""A calendar month: ``2026-05``."""

MonthDay = Annotated[int, Field(ge=-1, le=31)]
"""A date within a month; -1 is its last day, 0 none."""

NthInMonth = Annotated[int, Field(ge=-1, le=4)]
"""Which such weekday of a month: 1 to 4, or -1 for the last; 0 is none."""

Interval = Annotated[int, Field(ge=1, le=12)]
"""Every so many weeks or months."""

MinutesLong = Annotated[int, Field(ge=10, le=960)]
"""How long something lasts."""

DaysAhead = Annotated[int, Field(ge=1, le=90)]
"""How long before it is held something is announced."""

HoursAhead = Annotated[int, Field(ge=0, le=720)]
"""How long before it begins something has to be done."""

Points = Annotated[int, Field(ge=1, le=100_000)]
"""Of the points bank."""

PointLimit = Annotated[int, Field(ge=0, le=100_000)]
"""At most so many points."""

Pieces = Annotated[int, Field(ge=1, le=10_000)]
"""How many of something."""

Percent = Annotated[int, Field(ge=0, le=100)]

MonthsLasting = Annotated[int, Field(ge=12, le=60)]

DaysToFetch = Annotated[int, Field(ge=1, le=90)]

Greeting = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""A sentence to somebody, or nothing."""


class OrganisationKind(StrEnum):
    """大党委 业主委员会 物业公司 职能部门 共建单位"""

    PARTY_COMMITTEE = "party-committee"
    OWNERS_COMMITTEE = "owners-committee"
    PROPERTY_COMPANY = "property-company"
    DEPARTMENT = "department"
    PARTNER_UNIT = "partner-unit"
    OTHER = "other"


class PlaceKind(StrEnum):
    """The kinds of place, from the largest to the smallest; grids lie beside areas and
    neighbourhoods.
    """

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    AREA = "area"
    NEIGHBOURHOOD = "neighbourhood"
    GRID = "grid"
    BUILDING = "building"
    UNIT = "unit"


class Level(StrEnum):
    """Who answers, from the lowest: small matters stay in the neighbourhood (小事不出小区)."""

    NEIGHBOURHOOD = "neighbourhood"
    AREA = "area"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"


LEVELS: tuple[Level, ...] = tuple(Level)
"""From the lowest to the highest."""


class PetitionKind(StrEnum):
    """投诉 求助 建议 举报 咨询"""

    COMPLAINT = "complaint"
    REQUEST = "request"
    SUGGESTION = "suggestion"
    REPORT = "report"
    QUESTION = "question"


class Urgency(StrEnum):
    """How soon an answer is due."""

    NORMAL = "normal"
    URGENT = "urgent"


EmailAddress = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$",
    ),
]
"""An address of electronic mail as RFC 5321 has it, without quoted parts and comments."""

MobileNumber = Annotated[str, StringConstraints(pattern=r"^(1[3-9]\d{9}|\+[1-9]\d{6,14})$")]
"""A mainland mobile number, or one as E.164 has it: ``+886912345678``."""

WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[\x21-\x7e]{3,1000}$")]
"""An address that something is sent to."""

PushKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}=?$")]
"""``p256dh`` of a push subscription (RFC 8291): a point of P-256 in base64url."""

PushAuth = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")]
"""``auth`` of a push subscription (RFC 8291): sixteen bytes in base64url."""

AddressCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""What confirms an address: ``042517``."""

RobotSecret = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{0,200}$")]
"""What a group's robot signs with; empty where it signs nothing."""

Url = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
"""A web address that somebody names; whether it may be called is looked at elsewhere."""

EventTypes = Annotated[
    str, StringConstraints(pattern=r"^cn\.jinlin\.(\*|[a-z]+\.(\*|[A-Za-z]+\.v[1-9][0-9]*))$")
]
"""A CloudEvents type, or with ``*`` at its end all that begin so: ``cn.jinlin.petitions.*``."""

EventId = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,400}$")]
"""The id of an event as other systems are told it."""

"""Which channels the installation has, by its settings. What is not set is not there: plans pass it
over.
"""

import os
import ssl
from collections.abc import Callable, Mapping
from email.headerregistry import Address
from email.utils import getaddresses
from functools import cache
from ipaddress import ip_network
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from services.notifications.channels.channel import Channel
from services.notifications.channels.hosts import Hosts
from services.notifications.channels.mail import Mail, MailServer
from services.notifications.channels.push import Push, WrongKey, private_key
from services.notifications.channels.robots import Robots
from services.notifications.channels.sms import Sms
from services.notifications.domain.ways import Way
from shared.runtime.addresses import Allowed, allowed_by
from shared.runtime.outgoing import Outgoing
from shared.runtime.settings import (
    PREFIX,
    WrongSettings,
    give_up,
    read_secret,
    read_text,
)

SMTP, SMTP_PASSWORD, SMTP_CA, MAIL_FROM = "SMTP", "SMTP_PASSWORD", "SMTP_CA", "MAIL_FROM"
SMS_URL, SMS_SECRET, MAIL_SECRET = "SMS_URL", "SMS_SECRET", "MAIL_RECEIPTS_SECRET"
PUSH_KEY, PUSH_CONTACT = "PUSH_KEY", "PUSH_CONTACT"
RATES = {Way.EMAIL: 10.0, Way.SMS: 20.0, Way.PUSH: 100.0, Way.ROBOT: 10.0}
"""Messages a second that a provider is given, unless ``JINLIN_<way>_RATE`` says otherwise."""
CONNECTIONS = 16
"""To one host at once."""
ANYWHERE = Allowed(plain=True, networks=(ip_network("0.0.0.0/0"), ip_network("::/0")))
"""For what the operator names: a gateway may stand in the city's own network."""

Environment = Mapping[str, str]
T = TypeVar("T")


def channels_by(environment: Environment) -> dict[Way, Channel]:
    """The channels that are set up. Raises `WrongSettings`."""
    found = (_mail(environment), _sms(environment), _push(environment), _robots(environment))
    return {channel.way: channel for channel in found if channel is not None}


def ways_by(environment: Environment) -> frozenset[Way]:
    """The ways that there are: those of the channels, and calls. Raises `WrongSettings`."""
    ways = {Way.ROBOT, Way.PHONE}
    ways |= {way for name, way in _MARKS.items() if read_text(name, environment) is not None}
    return frozenset(ways)


_MARKS = {SMTP: Way.EMAIL, SMS_URL: Way.SMS, PUSH_KEY: Way.PUSH}
"""The setting that makes a way be there."""


def rate_by(way: Way, environment: Environment) -> float:
    """Messages a second that the way's provider is given. Raises `WrongSettings`."""
    name = f"{way.upper()}_RATE"
    told = read_text(name, environment)
    if told is None:
        return RATES[way]
    try:
        rate = float(told)
    except ValueError:
        rate = 0.0
    if not 0.01 <= rate <= 10_000:
        raise WrongSettings([f"{PREFIX}{name} is wrong: expected messages a second, 0.01 to 10000"])
    return rate


def receipt_secret_by(way: Way, environment: Environment) -> str | None:
    """What the receipts of a way are signed with; None where none are taken. Raises
    `WrongSettings`.
    """
    name = SMS_SECRET if way is Way.SMS else MAIL_SECRET
    return None if read_text(name, environment) is None else read_secret(name, environment)


def ways_in_use() -> frozenset[Way]:
    """Of this process. Ends it where the settings are wrong."""
    return _or_give_up(ways_by)


def channels_in_use() -> dict[Way, Channel]:
    """Of this process. Ends it where the settings are wrong."""
    return _or_give_up(channels_by)


@cache
def receipt_secret_in_use(way: Way) -> str | None:
    """Of this process, read once. Ends it where the settings are wrong."""
    return _or_give_up(lambda environment: receipt_secret_by(way, environment))


def rates_in_use() -> dict[Way, float]:
    """Of this process. Ends it where the settings are wrong."""
    return _or_give_up(lambda environment: {way: rate_by(way, environment) for way in RATES})


@cache
def push_key_in_use() -> str | None:
    """What browsers subscribe with; None where there is no push. Ends the process where the
    settings are wrong.
    """
    channel = _or_give_up(_push)
    return None if channel is None else channel.public_key


def _or_give_up(read: Callable[[Environment], T]) -> T:
    try:
        return read(os.environ)
    except WrongSettings as wrong:
        give_up(*wrong.lines)


def _mail(environment: Environment) -> Mail | None:
    told = read_text(SMTP, environment)
    if told is None:
        return None
    parts = urlsplit(told)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port is None or parts.path:
        raise WrongSettings(
            [f"{PREFIX}{SMTP} is wrong: expected smtp(s)://user@host:port, STARTTLS with smtp"]
        )
    user = unquote(parts.username) if parts.username else None
    password = read_text(SMTP_PASSWORD, environment)
    if parts.password is not None or (user is None) != (password is None):
        raise WrongSettings(
            [f"{PREFIX}{SMTP_PASSWORD} is wrong: expected where {PREFIX}{SMTP} names a user"]
        )
    server = MailServer(
        parts.hostname, port, parts.scheme == "smtps", user, password, _trusted(environment)
    )
    return Mail(server, _sender(environment))


def _sender(environment: Environment) -> Address:
    told = getaddresses([read_text(MAIL_FROM, environment) or ""])
    name, address = told[0] if len(told) == 1 else ("", "")
    try:
        sender = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError):
        sender = Address()
    if not sender.username or "." not in sender.domain or not address.isascii():
        raise WrongSettings([f"{PREFIX}{MAIL_FROM} is wrong: expected 近邻 <notices@city.example>"])
    return sender


def _trusted(environment: Environment) -> ssl.SSLContext:
    """Whose certificates are believed: the machine's list, or the city's own authority."""
    file = read_text(SMTP_CA, environment)
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError):
        raise WrongSettings(
            [f"{PREFIX}{SMTP_CA} is wrong: expected a file with certificates (PEM)"]
        ) from None


def _sms(environment: Environment) -> Sms | None:
    url = read_text(SMS_URL, environment)
    if url is None:
        return None
    parts = urlsplit(url)
    schemes = ("https", "http") if environment.get(f"{PREFIX}MODE") == "local" else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise WrongSettings([f"{PREFIX}{SMS_URL} is wrong: expected an https:// address"])
    client = Outgoing(ANYWHERE, connections=CONNECTIONS)
    return Sms(url, read_secret(SMS_SECRET, environment), client)


def _push(environment: Environment) -> Push | None:
    told = read_text(PUSH_KEY, environment)
    if told is None:
        return None
    contact = read_text(PUSH_CONTACT, environment) or ""
    if not contact.startswith(("mailto:", "https://")):
        raise WrongSettings(
            [f"{PREFIX}{PUSH_CONTACT} is wrong: expected mailto:operator@city.example"]
        )
    try:
        key = private_key(told)
    except WrongKey:
        raise WrongSettings(
            [f"{PREFIX}{PUSH_KEY} is wrong: expected a P-256 key, 32 bytes in base64url"]
        ) from None
    return Push(key, contact, _client(environment))


def _robots(environment: Environment) -> Robots:
    return Robots(_client(environment))


def _client(environment: Environment) -> Hosts:
    """For addresses that people gave."""
    allowed = allowed_by(environment)
    return Hosts(lambda: Outgoing(allowed, connections=CONNECTIONS))

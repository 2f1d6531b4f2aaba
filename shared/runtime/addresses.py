"""Which addresses of others may be called: pure rules on URLs and on network addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import quote, urlsplit

import idna

from shared.runtime.settings import PREFIX, WrongSettings

LONGEST_URL = 2_000
HTTPS = 443
NETWORKS = "OUTGOING_NETWORKS"
"""The setting with networks of one's own that may be called."""

_SAFE = "/:@!$&'()*+,;=-._~%"
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_REFUSED_4 = tuple(
    IPv4Network(each)
    for each in (
        "168.63.129.16/32",  # a cloud's own server, reached by a public address
        "192.0.0.0/24",  # IETF protocol assignments; metadata of a cloud
        "192.88.99.0/24",  # relays of 6to4
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
"""What of IPv6 is given out to networks of the world."""
_REFUSED_6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # IETF protocol assignments, Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
"""An IPv4 address inside, as networks without IPv4 reach the rest (RFC 6052)."""
_ISATAP = (0x00005EFE, 0x02005EFE)

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network


class NotAllowed(Exception):
    """The address may not be called. `reason` is one of ``not-an-address``, ``scheme``,
    ``credentials``, ``port``, ``host``, ``private-address``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called. Without anything: https on its own port, in the public internet.

    `plain` allows http and any port, `networks` name networks that are not public and may be called
    all the same: those of the city's own administration.
    """

    plain: bool = False
    networks: tuple[IPNetwork, ...] = ()

    def takes(self, address: IPAddress) -> bool:
        """Whether an address may be connected to."""
        plain = _plain(address)
        if any(plain.version == each.version and plain in each for each in self.networks):
            return True
        return is_public(address)


PUBLIC_ONLY = Allowed()
LOCAL = Allowed(
    plain=True,
    networks=tuple(
        ip_network(each)
        for each in ("127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    ),
)
"""For one's own machine: what listens there is one's own."""


def allowed_by(environment: Mapping[str, str]) -> Allowed:
    """What a process may call by its settings. Raises `WrongSettings`."""
    if environment.get(f"{PREFIX}MODE") == "local":
        return LOCAL
    told = environment.get(PREFIX + NETWORKS, "")
    try:
        return Allowed(networks=tuple(ip_network(each) for each in told.replace(",", " ").split()))
    except ValueError:
        raise WrongSettings(
            [f"{PREFIX}{NETWORKS} is wrong: expected networks such as 10.20.0.0/16, with commas"]
        ) from None


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart, ready to be called. `host` is a name in ASCII or an address without
    brackets, `authority` what stands in ``Host``, `path` what is asked for, with the query.
    """

    scheme: str
    host: str
    port: int
    authority: str
    path: str


@lru_cache(maxsize=1024)
def target_of(url: str, allowed: Allowed) -> Target:
    """Takes a URL apart; one that is called again and again, only once. A host that is written as
    an address is checked here, a name when it is resolved. Raises `NotAllowed`.
    """
    if not url or len(url) > LONGEST_URL or _CONTROL.search(url):
        raise NotAllowed("not-an-address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("not-an-address") from None
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.fragment:
        raise NotAllowed("not-an-address")
    if parts.scheme == "http" and not allowed.plain:
        raise NotAllowed("scheme")
    if "@" in parts.netloc:
        raise NotAllowed("credentials")
    usual = HTTPS if parts.scheme == "https" else 80
    port = usual if port is None else port
    if port == 0 or (port != HTTPS and not allowed.plain):
        raise NotAllowed("port")
    host = _host(parts.netloc, parts.hostname or "", allowed)
    shown = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        path += "?" + quote(parts.query, safe=_SAFE + "?")
    return Target(parts.scheme, host, port, shown if port == usual else f"{shown}:{port}", path)


def _host(netloc: str, told: str, allowed: Allowed) -> str:
    if netloc.startswith("["):
        try:
            address: IPAddress = IPv6Address(told)
        except ValueError:
            raise NotAllowed("host") from None
        if address.scope_id or not allowed.takes(address):  # type: ignore[union-attr]
            raise NotAllowed("private-address")
        return str(address)
    try:
        name = idna.encode(told, uts46=True, transitional=False).decode().lower()
    except idna.IDNAError:
        # What is no name by IDNA may still be one of the DNS: with an underscore.
        name = told.lower()
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NotAllowed("host")  # a trailing dot has an empty label
    if _NUMBER.fullmatch(labels[-1]):
        # What ends in a number is an address to some resolvers, however oddly it is written.
        try:
            address = IPv4Address(name)
        except ValueError:
            raise NotAllowed("host") from None
        if not allowed.takes(address):
            raise NotAllowed("private-address")
    return name


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet: by what is given out, and not by what is
    known to be forbidden. An IPv4 address inside an IPv6 one counts as itself.
    """
    address = _plain(address)
    if isinstance(address, IPv4Address):
        if not address.is_global or address.is_multicast or address.is_reserved:
            return False
        return not any(address in each for each in _REFUSED_4)
    if address not in _GLOBAL_6 or not address.is_global:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(address in each for each in _REFUSED_6)


def _plain(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one stands for, where packets go to it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def address_of(text: str) -> IPAddress | None:
    """A network address from what a resolver tells, None for what is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None

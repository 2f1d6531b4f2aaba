"""What the door is told besides the settings that every process has."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from limits import RateLimitItem, parse

from services.gateway.limiting.limiting import Group
from services.gateway.limiting.origin import Network
from shared.contracts.envelope import SERVICES
from shared.runtime.settings import PREFIX, WrongSettings, read_secret, read_text

PUBLIC_URL = "http://localhost:8080"
CLIENT_ID = "jinlin-web"
COOKIE_SECRET = "COOKIE_SECRET"
COOKIE_SECRET_BEFORE = "COOKIE_SECRET_BEFORE"
LIMITS: Mapping[Group, str] = {
    Group.READING: "1200/minute",
    Group.WRITING: "300/minute",
    Group.ANONYMOUS: "600/minute",
    Group.SIGNING_IN: "60/minute",
}
"""How often one caller may come to one process, unless the settings say otherwise: more often than
people do, and seldom enough that one of them leaves room for the others. By address it is more,
for many households share one."""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where the door stands, and what it knows of those behind it.

    `public_url` is the address that browsers use, without a slash at the end; `services` has the
    address of every service by its name. What `cookie_secret_before` sealed is still opened.
    `production` is False in local mode, where there may be no TLS. `limits` says how often is often
    enough; `proxies` stand before the door, and are believed about where a request comes from.
    """

    public_url: str
    services: Mapping[str, str]
    oidc_issuer: str
    oidc_audience: str
    oidc_client_id: str
    oidc_client_secret: str | None
    cookie_secret: str
    production: bool
    limits: Mapping[Group, RateLimitItem]
    proxies: tuple[Network, ...] = ()
    cookie_secret_before: str | None = None


def read_gateway_settings(environment: Mapping[str, str] = os.environ) -> GatewaySettings:
    """Reads them from the environment. Raises `WrongSettings` with a line for each that is missing
    or wrong.
    """
    lines: list[str] = []
    production = environment.get(f"{PREFIX}MODE") == "production"
    public_url = _address(
        "PUBLIC_URL",
        "the https:// address that browsers use",
        environment,
        lines,
        None if production else PUBLIC_URL,
    )
    if production and public_url and not public_url.startswith("https://"):
        lines.append(f"{PREFIX}PUBLIC_URL is wrong: expected an https:// address")
    services = {
        name: _address(
            f"{name.upper()}_URL", f"http(s)://host:port of the service {name}", environment, lines
        )
        for name in SERVICES
    }
    limits = {
        group: _limit(f"{group.name}_LIMIT", default, environment, lines)
        for group, default in LIMITS.items()
    }
    proxies = _networks("TRUSTED_PROXIES", environment, lines)
    cookie_secret, before = "", None
    try:
        cookie_secret = read_secret(COOKIE_SECRET, environment)
        if read_text(COOKIE_SECRET_BEFORE, environment) is not None:
            before = read_secret(COOKIE_SECRET_BEFORE, environment)
    except WrongSettings as wrong:
        lines += wrong.lines
    if lines:
        raise WrongSettings(lines)
    return GatewaySettings(
        public_url=public_url,
        services=services,
        oidc_issuer=read_text("OIDC_ISSUER", environment) or "",
        oidc_audience=read_text("OIDC_AUDIENCE", environment) or "jinlin",
        oidc_client_id=read_text("OIDC_CLIENT_ID", environment) or CLIENT_ID,
        oidc_client_secret=read_text("OIDC_CLIENT_SECRET", environment),
        cookie_secret=cookie_secret,
        production=production,
        limits=limits,
        proxies=proxies,
        cookie_secret_before=before,
    )


def _limit(
    name: str, default: str, environment: Mapping[str, str], lines: list[str]
) -> RateLimitItem:
    """So many requests in so much time; what is wrong is added to `lines`."""
    try:
        return parse(read_text(name, environment) or default)
    except (WrongSettings, ValueError):
        lines.append(f"{PREFIX}{name} is wrong: expected a limit such as {default}")
        return parse(default)


def _networks(name: str, environment: Mapping[str, str], lines: list[str]) -> tuple[Network, ...]:
    """Networks with commas in between; what is wrong is added to `lines`."""
    try:
        value = read_text(name, environment) or ""
        return tuple(ip_network(one.strip()) for one in value.split(",") if one.strip())
    except (WrongSettings, ValueError):
        lines.append(f"{PREFIX}{name} is wrong: expected networks such as 10.0.0.0/8, 127.0.0.1")
        return ()


def _address(
    name: str,
    expected: str,
    environment: Mapping[str, str],
    lines: list[str],
    default: str | None = None,
) -> str:
    """A web address without a slash at the end; what is wrong with it is added to `lines`."""
    try:
        value = read_text(name, environment) or default
    except WrongSettings as wrong:
        lines += wrong.lines
        return ""
    parts = urlsplit(value or "")
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme in ("http", "https") and parts.netloc and plain and "@" not in parts.netloc:
        return f"{parts.scheme}://{parts.netloc}"
    lines.append(f"{PREFIX}{name} is {'wrong' if value else 'missing'}: expected {expected}")
    return ""

"""What the door is told besides the settings that every process has."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.contracts.envelope import SERVICES
from shared.runtime.settings import PREFIX, WrongSettings, read_secret, read_text

PUBLIC_URL = "http://localhost:8080"
CLIENT_ID = "jinlin-web"
COOKIE_SECRET = "COOKIE_SECRET"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where the door stands, and what it knows of those behind it.

    `public_url` is the address that browsers use, without a slash at the end; `services` has the
    address of every service by its name. `production` is False in local mode, where there may be
    no TLS.
    """

    public_url: str
    services: Mapping[str, str]
    oidc_issuer: str
    oidc_audience: str
    oidc_client_id: str
    oidc_client_secret: str | None
    cookie_secret: str
    production: bool


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
    cookie_secret = ""
    try:
        cookie_secret = read_secret(COOKIE_SECRET, environment)
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
    )


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

"""The settings of a service process: environment variables with the prefix ``JINLIN_``, nothing
else.

A secret may stand in a file instead: ``JINLIN_MONGO_URI_FILE`` names the file with the value of
``JINLIN_MONGO_URI``.
"""

import os
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "JINLIN_"
SHORTEST_SECRET = 32

_HOST_AND_PORT = re.compile(r"[A-Za-z0-9._-]+:\d{1,5}")


class WrongSettings(Exception):
    """Settings are missing or wrong; `lines` name each with what is expected."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """What a service process is told. The descriptions say what is expected of each variable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", str_strip_whitespace=True
    )

    mode: Literal["local", "production"] = Field(description="local or production")
    http_host: Annotated[str, Field(min_length=1)] = Field(
        "127.0.0.1", description="the address to listen on, 0.0.0.0 for all"
    )
    http_port: Annotated[int, Field(ge=1, le=65535)] = Field(
        description="the port to listen on, 1 to 65535"
    )
    mongo_uri: Annotated[str, Field(pattern=r"^mongodb(\+srv)?://\S+$")] = Field(
        description="mongodb://host:port/?replicaSet=name of the service's store"
    )
    mongo_database: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,38}$")] = Field(
        description="a database name: letters, digits, _ and -, 38 at most"
    )
    mongo_driver: Literal["pymongo", "motor"] = Field("pymongo", description="pymongo or motor")
    kafka_bootstrap: str = Field(description="host:port of the brokers, comma-separated")
    kafka_retention_hours: Annotated[int, Field(ge=1)] = Field(
        168, description="hours for which topics keep events, at least 1"
    )
    kafka_replication: Annotated[int, Field(ge=1, le=9)] = Field(
        1, description="copies of each partition, 1 to 9"
    )
    oidc_issuer: str = Field(description="the issuer's https:// address (http:// in local mode)")
    oidc_audience: Annotated[str, Field(min_length=1)] = Field(
        "jinlin", description="the audience that access tokens must name"
    )
    instance: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}$")] = Field(
        default_factory=lambda: re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname()) or "one",
        description="a name of this process's place that outlives it: letters, digits, . _ -",
    )
    requests_only: bool = Field(
        False,
        description="true leaves events and deadlines to other processes of the service, or false",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error"
    )
    otlp_endpoint: str | None = Field(
        None, description="http(s)://host:port of an OpenTelemetry collector (OTLP over HTTP)"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`read_settings` reads the environment, for it knows of ``_FILE``; no other source fills
        in.
        """
        return (init_settings,)

    @field_validator("kafka_bootstrap")
    @classmethod
    def _brokers(cls, value: str) -> str:
        if not all(_HOST_AND_PORT.fullmatch(part.strip()) for part in value.split(",")):
            raise ValueError("no host:port")
        return value

    @field_validator("oidc_issuer", "otlp_endpoint")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise ValueError("no web address")
        return value

    @model_validator(mode="after")
    def _production_is_encrypted(self) -> "Settings":
        if self.mode == "production" and not self.oidc_issuer.startswith("https://"):
            raise ValueError(
                f"{PREFIX}OIDC_ISSUER is an http:// address: expected an https:// one with "
                f"{PREFIX}MODE=production"
            )
        return self


def read_settings(
    environment: Mapping[str, str] = os.environ, secrets: Sequence[str] = ()
) -> Settings:
    """The settings; `secrets` names what the service needs besides (`read_secret`).

    Raises `WrongSettings`.
    """
    values, trouble = _with_files(environment)
    for name in secrets:
        try:
            read_secret(name, environment)
        except WrongSettings as wrong_secret:
            trouble[name] = wrong_secret.lines[0]
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        wrong = [one for one in error.errors() if not one["loc"] or one["loc"][0] not in trouble]
        lines = [_line(one["loc"], one["type"], one["msg"]) for one in wrong]
        raise WrongSettings([*trouble.values(), *lines]) from None
    if trouble:
        raise WrongSettings(list(trouble.values()))
    return settings


def settings_or_exit(
    environment: Mapping[str, str] = os.environ, secrets: Sequence[str] = ()
) -> Settings:
    """The settings; ends the process with code 2 and one line for each that is missing or wrong."""
    try:
        return read_settings(environment, secrets)
    except WrongSettings as wrong:
        give_up(*wrong.lines)


def give_up(*lines: str) -> NoReturn:
    """Ends the process with code 2, saying why on standard error. Only for what a person has to put
    right.
    """
    for line in lines:
        print(line, file=sys.stderr)
    raise SystemExit(2)


def _with_files(environment: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by field, and by field what is wrong with its file."""
    values: dict[str, Any] = {}
    trouble: dict[str, str] = {}
    for name in Settings.model_fields:
        try:
            if (value := _value_of(PREFIX + name.upper(), environment)) is not None:
                values[name] = value
        except WrongSettings as wrong:
            trouble[name] = wrong.lines[0]
    return values, trouble


def _value_of(variable: str, environment: Mapping[str, str]) -> str | None:
    """What a variable or its file says; None where neither is set. Raises `WrongSettings`."""
    file = environment.get(f"{variable}_FILE")
    if file is None:
        return environment.get(variable) or None
    if variable in environment:
        raise WrongSettings([f"{variable} and {variable}_FILE are both set: expected one of them"])
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise WrongSettings(
            [f"{variable}_FILE names a file that cannot be read: {file} ({reason})"]
        ) from None


def read_secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """A secret that one service alone needs: ``JINLIN_<name>``, or the file that
    ``JINLIN_<name>_FILE`` names. Raises `WrongSettings`.
    """
    value = _value_of(PREFIX + name, environment) or ""
    if len(value) < SHORTEST_SECRET:
        wrong = "wrong" if value else "missing"
        raise WrongSettings(
            [f"{PREFIX}{name} is {wrong}: expected at least {SHORTEST_SECRET} secret characters"]
        )
    return value


def read_text(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """What one service alone may be told, ``JINLIN_<name>`` or its file; None where it is not set.
    Raises `WrongSettings`.
    """
    return _value_of(PREFIX + name, environment)


def read_address(name: str, environment: Mapping[str, str] = os.environ) -> tuple[str, int] | None:
    """Host and port of something that one service alone may be told of, ``JINLIN_<name>``; None
    where it is not set. Raises `WrongSettings`.
    """
    value = _value_of(PREFIX + name, environment)
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not _HOST_AND_PORT.fullmatch(value) or not 1 <= int(port) <= 65535:
        raise WrongSettings([f"{PREFIX}{name} is wrong: expected host:port"])
    return host, int(port)


def _line(where: tuple[int | str, ...], kind: str, message: str) -> str:
    """One line on one error. Values are not repeated: some are secrets."""
    if not where:
        return message.removeprefix("Value error, ")
    name = str(where[0])
    wrong = "missing" if kind == "missing" else "wrong"
    return f"{PREFIX}{name.upper()} is {wrong}: expected {Settings.model_fields[name].description}"

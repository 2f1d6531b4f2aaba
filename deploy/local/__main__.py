"""Command line of the local run: `python -m deploy.local up|down|status|logs|token|env|run`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from deploy.local.issuer import LIFETIME, load_key, local_issuer, mint, need_local_mode
from deploy.local.keycloak_server import PASSWORD
from deploy.local.layout import PORTS, SERVICES, LocalError
from deploy.local.people import split
from deploy.local.stack import (
    KEYCLOAK,
    SERVERS,
    Status,
    down,
    environment,
    idp,
    log_file,
    status,
    up,
)
from deploy.local.watching import watch, watched

PARTS = (*SERVERS, *SERVICES)
WITH_KEYCLOAK = (*SERVERS, KEYCLOAK, *SERVICES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says whether it succeeded, for `status` whether all is up."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.do(options))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; `make down` stops what was started", file=sys.stderr)
        return 130


def _up(options: argparse.Namespace) -> int:
    _show(up(() if options.servers else SERVICES))
    return 0


def _down(_: argparse.Namespace) -> int:
    down(WITH_KEYCLOAK)
    return 0


def _idp(_: argparse.Namespace) -> int:
    issuer = idp()
    print(f"Keycloak is {issuer}; its people are the demo's (lin, desk, ...): {PASSWORD}")
    print(
        f"The services believe it when they are started so:\n  JINLIN_OIDC_ISSUER={issuer} make up"
    )
    return 0


def _status(_: argparse.Namespace) -> int:
    parts = [status(name) for name in PARTS]
    _show(parts)
    _console().print()
    _console().print(watched(parts, SERVICES))
    return 0 if all(part.ready for part in parts) else 1


def _watch(_: argparse.Namespace) -> int:
    try:
        watch()
    except KeyboardInterrupt:
        pass  # that is how it ends
    return 0


def _show(parts: Sequence[Status]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("part", "pid", "port", "ready", "version", "up", "address"):
        table.add_column(heading, no_wrap=True)
    for part in parts:
        pid = "-" if part.pid is None else str(part.pid)
        ready = "ready" if part.ready else "not ready" if part.pid else "down"
        up_for = _duration(part.uptime) if part.pid else ""
        table.add_row(part.name, pid, str(part.port), ready, part.version, up_for, part.address)
    _console().print(table)


def _console() -> Console:
    # Into a file or a pipe a table must not be cut at 80 columns.
    return Console(width=None if sys.stdout.isatty() else 120)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _logs(options: argparse.Namespace) -> int:
    unknown = set(options.parts) - set(WITH_KEYCLOAK)
    if unknown:
        there_are = ", ".join(WITH_KEYCLOAK)
        raise LocalError(f"there is no {', '.join(sorted(unknown))}: there are {there_are}")
    files = [log_file(name) for name in options.parts or WITH_KEYCLOAK]
    there = [str(file) for file in files if file.exists()]
    if not there:
        raise LocalError("there are no logs yet: `make up` starts the local run")
    sys.stdout.flush()
    follow = ["-F"] if options.follow else []
    os.execvp("tail", ["tail", "-n", str(options.lines), *follow, *there])  # noqa: S606  no shell


def _token(options: argparse.Namespace) -> int:
    os.environ.setdefault("JINLIN_MODE", "local")
    need_local_mode()
    print(
        mint(
            load_key(),
            local_issuer(),
            options.sub,
            split(options.role),
            split(options.place),
            options.org or None,
            options.lifetime,
        )
    )
    return 0


def _env(options: argparse.Namespace) -> int:
    for name, value in environment(options.service).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _run(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LocalError("nothing to run: python -m deploy.local run SERVICE -- COMMAND ...")
    sys.stdout.flush()
    try:
        told = {**os.environ, **environment(options.service)}
        os.execvpe(command[0], command, told)  # noqa: S606  what whoever runs it asked for
    except OSError as error:
        raise LocalError(f"{command[0]}: {error.strerror}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("up", help="start everything and wait until it is ready")
    command.add_argument(
        "--servers", action="store_true", help="MongoDB, Kafka and the issuer only"
    )
    command.set_defaults(do=_up)

    command = commands.add_parser("down", help="stop everything")
    command.set_defaults(do=_down)

    command = commands.add_parser("idp", help="install and start Keycloak, a real OpenID provider")
    command.set_defaults(do=_idp)

    command = commands.add_parser("status", help="what runs, where, since when")
    command.set_defaults(do=_status)

    command = commands.add_parser("watch", help="Prometheus beside the local run, until Ctrl-C")
    command.set_defaults(do=_watch)

    command = commands.add_parser("logs", help="the end of the logs")
    command.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(WITH_KEYCLOAK)}")
    command.add_argument("-f", "--follow", action="store_true", help="and what is added")
    command.add_argument("-n", "--lines", type=int, default=20)
    command.set_defaults(do=_logs)

    command = commands.add_parser("token", help="print an access token for the local run")
    command.add_argument("--sub", required=True, help="pseudonymous id of the person")
    command.add_argument("--role", default="", help="comma-separated")
    command.add_argument("--place", default="", help="comma-separated place codes")
    command.add_argument("--org", default="")
    command.add_argument("--lifetime", type=int, default=LIFETIME, help="seconds")
    command.set_defaults(do=_token)

    ports = ", ".join(f"{setting.variable} ({setting.default})" for setting in PORTS.values())
    command = commands.add_parser("env", help="print a service's settings", epilog=ports)
    command.add_argument("service")
    command.set_defaults(do=_env)

    command = commands.add_parser("run", help="run a command with a service's settings")
    command.add_argument("service")
    command.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND ...")
    command.set_defaults(do=_run)
    return parser


if __name__ == "__main__":
    sys.exit(main())

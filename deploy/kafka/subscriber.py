"""What another system may do at Kafka: a user, its password, and what it may read.

    python -m deploy.kafka.subscriber add urban-management --services petitions community
    python -m deploy.kafka.subscriber list
    python -m deploy.kafka.subscriber remove urban-management

``add`` makes the user, or gives an existing one a new password and exactly these rights: to read
the events of the services named (all of them, where none is named), as the consumer group that is
called like the user, or like the user with a dot and more behind it. The password goes to standard
output and is kept nowhere else; Kafka keeps a salted hash.

``--bootstrap`` is the platform's own listener of any broker (JINLIN_KAFKA_BOOTSTRAP). Exit code 2
for what makes no sense, 3 where the broker cannot be reached or refuses.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError, NoError

from shared.contracts.envelope import SERVICES

NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
"""What a subscriber is called: small letters, digits and dashes."""
MECHANISM = ScramMechanism.SCRAM_SHA_512
PASSWORD_BYTES = 32
ANY_HOST = "*"


class Refused(Exception):
    """The broker cannot be reached or refuses; the text says what."""


def rights(name: str, services: Sequence[str]) -> list[ACL]:
    """What a subscriber may: read these services' events, in groups of its own."""
    topics = [
        _may_read(name, ResourceType.TOPIC, f"{service}.events.", True) for service in services
    ]
    # A group of the same beginning may be another's: only behind a dot it is surely ours.
    groups = [
        _may_read(name, ResourceType.GROUP, name, beginning=False),
        _may_read(name, ResourceType.GROUP, f"{name}.", beginning=True),
    ]
    return topics + groups


def add(bootstrap: str, name: str, services: Sequence[str]) -> str:
    """Makes a subscriber's user and its rights; returns its new password. Raises `Refused`."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with _admin(bootstrap) as admin:
        # First what it may: a user that can log in never has other rights. What it had and keeps is
        # not touched, for it may be reading.
        wanted, found = set(rights(name, services)), _rights_of(admin, name)
        _take(admin, found - wanted)
        _give(admin, wanted - found)
        _alter(admin, UserScramCredentialUpsertion(name, MECHANISM, password))
    return password


def remove(bootstrap: str, name: str) -> None:
    """Takes a subscriber's rights and its user. Raises `Refused`."""
    with _admin(bootstrap) as admin:
        _take(admin, _rights_of(admin, name))
        if name in _users(admin):
            _alter(admin, UserScramCredentialDeletion(name, MECHANISM))


def subscribers(bootstrap: str) -> dict[str, list[str]]:
    """Every user, and the beginnings of the topics it may read. Raises `Refused`."""
    with _admin(bootstrap) as admin:
        return {name: _topics(admin, name) for name in sorted(_users(admin))}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="subscriber", description="Other systems at Kafka.")
    parser.add_argument("--bootstrap", default=os.environ.get("JINLIN_KAFKA_BOOTSTRAP"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list")
    verbs.add_parser("remove").add_argument("name", type=_name)
    adding = verbs.add_parser("add")
    adding.add_argument("name", type=_name)
    adding.add_argument("--services", nargs="+", choices=SERVICES, default=SERVICES)
    given = parser.parse_args(arguments)
    if not given.bootstrap:
        parser.error("--bootstrap host:port, or JINLIN_KAFKA_BOOTSTRAP, has to be given")
    try:
        match given.verb:
            case "add":
                password = add(given.bootstrap, given.name, given.services)
                print(f"{given.name} may read: {', '.join(given.services)}", file=sys.stderr)
                print(password)
            case "remove":
                remove(given.bootstrap, given.name)
                print(f"{given.name} is removed", file=sys.stderr)
            case _:
                for name, topics in subscribers(given.bootstrap).items():
                    print(name, *topics)
    except Refused as refused:
        print(f"subscriber: {refused}", file=sys.stderr)
        return 3
    return 0


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("2 to 63 small letters, digits and dashes")
    return text


def _may_read(name: str, type: ResourceType, resource: str, beginning: bool) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if beginning else ACLResourcePatternType.LITERAL
    return ACL(
        principal=f"User:{name}",
        host=ANY_HOST,
        operation=ACLOperation.READ,
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(type, resource, pattern),
    )


def _rights_of(admin: KafkaAdminClient, name: str) -> set[ACL]:
    found, _ = admin.describe_acls(
        ACLFilter(
            principal=f"User:{name}",
            host=None,
            operation=ACLOperation.ANY,
            permission_type=ACLPermissionType.ANY,
            resource_pattern=ResourcePatternFilter(
                ResourceType.ANY, None, ACLResourcePatternType.ANY
            ),
        )
    )
    return set(found)


def _give(admin: KafkaAdminClient, some: set[ACL]) -> None:
    failed = admin.create_acls(list(some))["failed"] if some else []
    if failed:
        raise Refused(f"rights were not given: {failed[0].__name__}")


def _take(admin: KafkaAdminClient, some: set[ACL]) -> None:
    exactly = [
        ACLFilter(acl.principal, acl.host, acl.operation, acl.permission_type, acl.resource_pattern)
        for acl in some
    ]
    for _, _, error in admin.delete_acls(exactly) if exactly else []:
        if error is not NoError:
            raise Refused(f"rights were not taken: {error.__name__}")


def _topics(admin: KafkaAdminClient, name: str) -> list[str]:
    patterns = [acl.resource_pattern for acl in _rights_of(admin, name)]
    return sorted(p.resource_name for p in patterns if p.resource_type is ResourceType.TOPIC)


def _users(admin: KafkaAdminClient) -> set[str]:
    return set(admin.describe_user_scram_credentials())


def _alter(
    admin: KafkaAdminClient, change: UserScramCredentialUpsertion | UserScramCredentialDeletion
) -> None:
    for user, error in admin.alter_user_scram_credentials([change]).items():
        if error is not None:
            raise Refused(f"{user}: {error}")


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","),
            client_id="jinlin-subscribers",
            request_timeout_ms=10_000,
            bootstrap_timeout_ms=5_000,
        )
    except (KafkaError, OSError, ValueError) as error:
        raise Refused(f"no Kafka answers at {bootstrap}: {error!r}") from error
    try:
        yield admin
    except KafkaError as error:
        raise Refused(f"Kafka at {bootstrap}: {error}") from error
    finally:
        admin.close()


if __name__ == "__main__":
    sys.exit(main())

"""What a service client may ask: no more than the scopes that its token was given.

A person's token says who they are, and the tables of the services say what they may. A program has
the role `service` of all programs: what this one is for stands in its scopes.
"""

from services.gateway.upstream.listing import Operation
from shared.runtime.identity import Caller
from shared.runtime.problems import Problem

SERVICE = "service"
"""The role of programs."""
READING = ("GET", "HEAD")


def need_scope(caller: Caller | None, service: str, operation: Operation) -> None:
    """A service's name is the scope for all that it lists, ``<name>:read`` for what changes
    nothing. Raises `Problem` 403 (RFC 6750, 3.1) for a service client that has neither; what
    everybody may ask needs none.
    """
    if caller is None or SERVICE not in caller.roles or operation.public:
        return
    reading = f"{service}:read"
    enough = {service, reading} if operation.method in READING else {service}
    if not enough & caller.scopes:
        least = reading if operation.method in READING else service
        challenge = f'Bearer error="insufficient_scope", scope="{least}"'
        raise Problem(403, "out-of-scope", headers={"WWW-Authenticate": challenge}, scope=least)

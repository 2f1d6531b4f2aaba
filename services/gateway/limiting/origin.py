"""Which address a request comes from, where proxies stand before the door."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

NOWHERE = "unknown"
"""What a caller without a readable address is called."""
LONGEST_CHAIN = 32
"""Proxies in a row that are looked at."""

Network = IPv4Network | IPv6Network


class Origins:
    """Believes what the city's own proxies say, and nobody else."""

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        """`proxies` are the networks of trusted proxies."""
        self._proxies = tuple(proxies)

    def of(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The caller's address: the peer's, or the last one in ``X-Forwarded-For`` that is no
        trusted proxy's where the peer is one.
        """
        if peer is None:
            return NOWHERE
        if not self._proxies or not self._trusted(peer):
            return peer
        said = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        caller = peer
        for one in reversed(said.decode("latin-1").split(",")[-LONGEST_CHAIN:]):
            address = readable(one.strip())
            if address is None:
                break
            caller = address
            if not self._trusted(address):
                break
        return caller

    def _trusted(self, address: str) -> bool:
        there = readable(address)
        return there is not None and any(ip_address(there) in one for one in self._proxies)


@lru_cache(maxsize=4_096)
def readable(address: str) -> str | None:
    """An IP address in its usual form; None for anything else. An IPv4 address that comes as IPv6
    is the IPv4 one.
    """
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


@lru_cache(maxsize=4_096)
def neighbourhood(address: str) -> str:
    """Whose address it is, for counting: of IPv6 the network of 64 bits, which one subscriber has
    for themselves.
    """
    there = readable(address)
    if there is None or ":" not in there:
        return there or NOWHERE
    return str(IPv6Network(f"{there}/64", strict=False).network_address)


@lru_cache(maxsize=4_096)
def near(address: str) -> bool:
    """Whether it is an address of this machine, or of a private network."""
    there = readable(address)
    return there is not None and ip_address(there).is_private

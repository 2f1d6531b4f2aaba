"""The Merkle tree of RFC 6962 (2.1): hashes, growing, proofs and their verification.

A *node* is a perfect subtree: ``(level, index)`` covers the ``2**level`` leaves from
``index * 2**level`` on. A *frontier* are the hashes of the largest perfect subtrees that a tree
consists of, from left to right: one for each bit of its size. From it the tree grows and its root
is reckoned; no older leaf is needed.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""The hash of the tree without entries."""
LENGTH = 32
"""Bytes of a hash."""

Node = tuple[int, int]
Range = tuple[int, int]
"""Leaves from the first until before the second."""
NodeHash = Callable[[int, int], bytes]
"""Looks up the hash of the node of a level and an index."""


class BadProof(Exception):
    """A proof does not show what it is to show. The text says why."""


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d(0)})"""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\x01" + left + right).digest()


# --- growing -------------------------------------------------------------------------------------


def grown(frontier: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """The frontier after one more leaf, and the hashes of the nodes that it completes: of level 0
    (the leaf itself), 1, 2 and so on, as many as there are.
    """
    grown = list(frontier)
    completed = [leaf]
    while size & 1:
        completed.append(node_hash(grown.pop(), completed[-1]))
        size >>= 1
    grown.append(completed[-1])
    return grown, completed


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The root hash of the tree with this frontier."""
    if not frontier:
        return EMPTY
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def frontier_of(leaves: Sequence[bytes]) -> list[bytes]:
    """The frontier of a tree, from its leaves' hashes."""
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        frontier, _ = grown(frontier, size, leaf)
    return frontier


def nodes_of(size: int) -> list[Node]:
    """The nodes of a tree's frontier, from left to right."""
    return nodes_in((0, size))


# --- making proofs -------------------------------------------------------------------------------


def nodes_in(leaves: Range) -> list[Node]:
    """The largest nodes that a range of the tree's own (one that a proof names) consists of."""
    at, end = leaves
    nodes = []
    while at < end:
        level = (end - at).bit_length() - 1
        nodes.append((level, at >> level))
        at += 1 << level
    return nodes


def hash_of(leaves: Range, node: NodeHash) -> bytes:
    """MTH(D[a:b]) of a range that a proof names."""
    return root_of([node(level, index) for level, index in nodes_in(leaves)])


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """PATH(m, D[n]): the ranges whose hashes prove that the leaf `index` is in the tree, the one
    beside the leaf first. Raises ValueError for a leaf that it does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    path: list[Range] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """PROOF(m, D[n]): the ranges whose hashes prove that the tree of `old` leaves is the beginning
    of that of `size`. Empty where they are of one size. Raises ValueError unless
    ``0 < old <= size``.
    """
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} does not begin with one of {old}")
    path: list[Range] = []
    begin, end = 0, size
    whole = True
    while old < end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
            whole = False
    if not whole:
        path.append((begin, end))
    return path[::-1]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


# --- verifying them ------------------------------------------------------------------------------


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root of the tree of `size` in which the leaf is at `index`, if the proof is right
    (RFC 9162, 2.1.3.2). Raises `BadProof` where it cannot be.
    """
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} has no leaf {index}")
    at, last, root = index, size - 1, leaf
    for beside in _hashes(proof):
        if last == 0:
            raise BadProof("the proof is too long")
        if at & 1 or at == last:
            root = node_hash(beside, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise BadProof("the proof is too short")
    return root


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Raises `BadProof` unless the leaf is at `index` in the tree of that size and root."""
    list(_hashes((leaf, root)))
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise BadProof("the proof leads to another root")


def verify_consistency(
    old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes
) -> None:
    """Raises `BadProof` unless the tree of `old` entries is the beginning of that of `size`
    (RFC 9162, 2.1.4.2). Every tree begins with the empty one.
    """
    hashes = list(_hashes(proof))
    list(_hashes((old_root, root)))
    if not 0 <= old <= size:
        raise BadProof(f"a tree of {size} does not begin with one of {old}")
    if old in (0, size):
        if hashes:
            raise BadProof("there is nothing to prove, and yet a proof")
        if old == size and old_root != root:
            raise BadProof("two trees of one size have two roots")
        if old == 0 and old_root != EMPTY:
            raise BadProof("that is not the root of the empty tree")
        return
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise BadProof("the proof is too short")
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if at & 1 or at == last:
            first, second = node_hash(beside, first), node_hash(beside, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, beside)
        at, last = at >> 1, last >> 1
    if last:
        raise BadProof("the proof is too short")
    if first != old_root:
        raise BadProof("the proof leads to another old root")
    if second != root:
        raise BadProof("the proof leads to another new root")


def _hashes(proof: Sequence[bytes]) -> Iterator[bytes]:
    for one in proof:
        if len(one) != LENGTH:
            raise BadProof(f"a hash has {len(one)} bytes, not {LENGTH}")
        yield one

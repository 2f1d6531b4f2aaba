"""Data Integrity proofs of the suite ``eddsa-jcs-2022``.

Source: W3C Data Integrity EdDSA Cryptosuites v1.0 (https://www.w3.org/TR/vc-di-eddsa/), section
3.3; each function names the algorithm it is.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.ledger.credentials.multibase import WrongBase, base58, from_base58
from services.ledger.credentials.plain_json import Unreadable, canonical

TYPE = "DataIntegrityProof"
SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"
SIGNATURE_BYTES = 64

Sign = Callable[[bytes], bytes]
"""Makes an Ed25519 signature of 64 bytes, with a key that it does not show."""

_MOMENT = re.compile(
    r"-?([1-9]\d{3,}|0\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?",
    re.ASCII,
)


def proof_configuration(options: Mapping[str, Any]) -> bytes:
    """3.3.5 Proof Configuration: the canonical form of the proof without its value. Raises
    `Unreadable`.
    """
    if options.get("type") != TYPE or options.get("cryptosuite") != SUITE:
        raise Unreadable(f"a proof of another kind than {SUITE}")
    created = options.get("created")
    if created is not None and not (isinstance(created, str) and _MOMENT.fullmatch(created)):
        raise Unreadable("a proof that was made at no time")
    return canonical(dict(options))


def hash_data(document: Mapping[str, Any], configuration: bytes) -> bytes:
    """3.3.3 Transformation and 3.3.4 Hashing: what is signed, the proof's digest first. Raises
    `Unreadable`.
    """
    return sha256(configuration).digest() + sha256(canonical(dict(document))).digest()


def signed(document: Mapping[str, Any], sign: Sign, method: str, created: str) -> dict[str, Any]:
    """3.3.1 Create Proof: the document with a proof by the verification method `method`."""
    proof: dict[str, Any] = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    proof["proofValue"] = base58(sign(hash_data(document, proof_configuration(proof))))
    return {**document, "proof": proof}


def verified(secured: Mapping[str, Any], public: bytes) -> dict[str, Any] | None:
    """3.3.2 Verify Proof: the document that was signed with this key, None where it was not."""
    proof = secured.get("proof")
    if not isinstance(proof, dict):
        return None
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    document = {name: value for name, value in secured.items() if name != "proof"}
    if "@context" in options:
        said, meant = document.get("@context"), options["@context"]
        if not _begins_with(said, meant):
            return None
        document["@context"] = meant
    try:
        signature = from_base58(_text(proof.get("proofValue")))
        data = hash_data(document, proof_configuration(options))
    except (WrongBase, Unreadable):
        return None
    return document if is_signature(signature, data, public) else None


def is_signature(signature: bytes, data: bytes, public: bytes) -> bool:
    """3.3.7 Proof Verification."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _begins_with(said: Any, meant: Any) -> bool:
    if isinstance(said, list) and isinstance(meant, list):
        return said[: len(meant)] == meant
    return bool(said == meant)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongBase("no text")
    return value

"""Whole credentials keep to the data model of Verifiable Credentials 2.0: see vc2.schema.json."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from services.ledger.credentials.writing import V2
from services.ledger.domain.credentials.documents import FORMS
from tests.services.ledger.credentials.asking import ledger, made, presented, public, whole
from tests.services.ledger.credentials.making import Made

SCHEMA = json.loads(Path(__file__).with_name("vc2.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def terms(document: Any) -> set[str]:
    """What the document's own context says the meaning of."""
    return {name for one in document["@context"] if isinstance(one, dict) for name in one}


async def test_what_the_service_signs_has_the_shape_of_a_credential() -> None:
    async with ledger() as at:
        id = await made(at)
        signed = (await whole(at, id))["credential"]
        listed = await public(at, "/status-lists/1")
        shown = await presented(at, id, "name")
        issuer = await public(at, "/.well-known/did.json")
    assert faults(signed) == []
    assert faults(listed) == []
    assert signed["credentialStatus"]["statusListCredential"] == listed["id"]
    # Every word of ours is explained in the document itself.
    assert terms(signed) == {signed["type"][-1], "SaltedClaims", "claimDigests"}
    assert terms(shown) == shown.keys() - {"@context", "type", "verifiableCredential"}
    assert shown["@context"][0] == V2
    assert signed["type"][-1] in {form.name for form in FORMS.values()}
    # Whoever signs is who the document is of, with a key that is there.
    method = signed["proof"]["verificationMethod"]
    assert signed["issuer"] == issuer["id"] == method.partition("#")[0]
    assert method in issuer["assertionMethod"]
    for each in issuer["verificationMethod"]:
        assert each["id"] == f"{issuer['id']}#{each['publicKeyMultibase']}"
        assert (each["type"], each["controller"]) == ("Multikey", issuer["id"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("@context", 0), "https://www.w3.org/2018/credentials/v1"),
        (("type",), ["VerifiableCredential"]),
        (("validFrom",), "2026-05-03T01:00:00"),
        (("issuer",), "the ledger"),
        (("credentialSubject", "name"), "王小明"),
        (("credentialStatus", "statusListIndex"), 94_567),
        (("proof", "proofPurpose"), "authentication"),
        (("more",), 1),
    ],
)
def test_the_schema_notices_what_has_another_shape(path: tuple[Any, ...], value: Any) -> None:
    signed = copy.deepcopy(Made().credential)
    assert faults(signed) == []
    inner: Any = signed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert faults(signed) != []

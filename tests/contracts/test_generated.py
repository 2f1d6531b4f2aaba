"""The checked-in files: what the classes say, true to the samples, valid by their standards."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from referencing import Registry, Resource

from shared.contracts import asyncapi
from shared.contracts.envelope import SERVICES, dataschema, parse, topic
from shared.contracts.files import HERE, contracts, sample_file, schema_file
from shared.contracts.generate import generated
from shared.runtime import topics

TYPES = list(contracts())

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _is_a_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


SCHEMAS = [read(path) for path in sorted((HERE / "schemas").rglob("*.json"))]
REGISTRY: Any = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS
)


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator(schema, registry=REGISTRY, format_checker=formats)


WHOLE_MESSAGE = validator(read(HERE / "schemas/envelope.v1.json"))


def test_the_checked_in_files_are_what_make_contracts_writes() -> None:
    files = generated(contracts(), HERE)
    differing = [
        path.relative_to(HERE)
        for path, text in files.items()
        if not path.exists() or path.read_bytes() != text.encode()
    ]
    assert differing == [], "run `make contracts` and commit what it writes"


def test_nothing_else_lies_among_them() -> None:
    known = {schema_file(HERE, type) for type in TYPES} | {
        sample_file(HERE, type) for type in TYPES
    }
    found = {path for part in ("schemas", "samples") for path in (HERE / part).rglob("*.*")}
    assert found - known == {HERE / "schemas/envelope.v1.json"}


def test_generation_depends_on_nothing_but_the_classes(tmp_path: Path) -> None:
    first = generated(contracts(), tmp_path / "one")
    second = generated(contracts(), tmp_path / "two")
    assert list(first.values()) == list(second.values())


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema["title"])
def test_schemas_are_valid_and_say_what_they_are_about(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert schema["description"]
    assert schema["additionalProperties"] is True


@pytest.mark.parametrize("type", TYPES)
def test_samples_satisfy_their_schemas(type: str) -> None:
    sample = read(sample_file(HERE, type))
    schema = read(schema_file(HERE, type))

    assert sample["type"] == type
    assert sample["dataschema"] == schema["$id"] == dataschema(type)
    WHOLE_MESSAGE.validate(sample)
    validator(schema).validate(sample["data"])
    assert json.loads(parse(json.dumps(sample)).to_bytes()) == sample


@pytest.mark.parametrize("type", TYPES)
def test_the_envelopes_schema_looks_into_the_data(type: str) -> None:
    sample = read(sample_file(HERE, type))
    required = read(schema_file(HERE, type))["required"][0]
    del sample["data"][required]
    with pytest.raises(ValidationError, match=required):
        WHOLE_MESSAGE.validate(sample)


def test_the_envelopes_schema_lets_unknown_types_and_additions_through() -> None:
    sample = read(sample_file(HERE, TYPES[0]))
    WHOLE_MESSAGE.validate(
        {
            **sample,
            "type": "cn.jinlin.petitions.PetitionSung.v1",
            "dataschema": "urn:jinlin:schema:petitions.PetitionSung.v1",
            "data": {"loud": True},
            "newattribute": "x",
        }
    )


@pytest.mark.parametrize(
    "damage",
    [
        {"specversion": "0.3"},
        {"id": ""},
        {"time": "2026-03-02T01:16:00"},
        {"sequence": "1"},
        {"data": None},
        {"dataschema": "urn:elsewhere"},
    ],
)
def test_the_envelopes_schema_refuses_nonsense(damage: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WHOLE_MESSAGE.validate({**read(sample_file(HERE, TYPES[0])), **damage})


# --- AsyncAPI 3.0.0 -----------------------------------------------------------------------------

DOCUMENT: dict[str, Any] = yaml.load(
    (HERE / "asyncapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)

ALLOWED: dict[str, set[str]] = {
    # https://www.asyncapi.com/docs/reference/specification/v3.0.0: the fields of each object.
    "document": {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    },
    "channel": {
        "address",
        "messages",
        "title",
        "summary",
        "description",
        "servers",
        "parameters",
        "tags",
        "externalDocs",
        "bindings",
    },
    "operation": {
        "action",
        "channel",
        "title",
        "summary",
        "description",
        "security",
        "tags",
        "externalDocs",
        "bindings",
        "traits",
        "messages",
        "reply",
    },
    "message": {
        "headers",
        "payload",
        "correlationId",
        "contentType",
        "name",
        "title",
        "summary",
        "description",
        "tags",
        "externalDocs",
        "bindings",
        "examples",
        "traits",
    },
}
KEY = re.compile(r"^[A-Za-z0-9.\-_]+$")


def at(reference: dict[str, str]) -> Any:
    """What a reference inside the document points to."""
    assert set(reference) == {"$ref"}
    found = DOCUMENT
    root, *steps = reference["$ref"].split("/")
    assert root == "#"
    for step in steps:
        found = found[step]
    return found


def references(node: Any) -> list[dict[str, str]]:
    if isinstance(node, list):
        return [each for item in node for each in references(item)]
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            return [node]
        return [each for value in node.values() for each in references(value)]
    return []


def test_the_document_is_asyncapi_3() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert set(DOCUMENT) <= ALLOWED["document"]
    assert {"title", "version"} <= set(DOCUMENT["info"])
    ApplicationSchema.model_validate(DOCUMENT)


def test_every_reference_leads_somewhere() -> None:
    found = references(DOCUMENT)
    assert len(found) > len(TYPES)
    for reference in found:
        assert at(reference) is not None


def test_every_topic_is_a_channel_with_its_key_and_partitions() -> None:
    assert list(DOCUMENT["channels"]) == list(SERVICES)
    for service, channel in DOCUMENT["channels"].items():
        assert set(channel) <= ALLOWED["channel"]
        assert channel["address"] == topic(service)
        kafka = channel["bindings"]["kafka"]
        assert kafka["topic"] == topic(service)
        assert kafka["partitions"] == asyncapi.PARTITIONS == topics.PARTITIONS


def test_every_service_sends_what_its_channel_carries() -> None:
    for service in SERVICES:
        operation = DOCUMENT["operations"][f"{service}.send"]
        assert set(operation) <= ALLOWED["operation"]
        assert operation["action"] == "send"
        channel = at(operation["channel"])
        assert channel is DOCUMENT["channels"][service]
        # An operation's messages must be references into its channel, not to the components.
        assert [reference["$ref"] for reference in operation["messages"]] == [
            f"#/channels/{service}/messages/{name}" for name in channel["messages"]
        ]
        assert [at(at(reference))["name"] for reference in operation["messages"]] == [
            type for type in TYPES if type.startswith(f"cn.jinlin.{service}.")
        ]


@pytest.mark.parametrize("type", TYPES)
def test_every_event_is_a_message(type: str) -> None:
    name = type.removeprefix("cn.jinlin.")
    message = DOCUMENT["components"]["messages"][name]
    assert KEY.match(name)
    assert set(message) <= ALLOWED["message"]
    assert message["name"] == type
    assert message["bindings"]["kafka"]["key"]["type"] == "string"
    assert message["correlationId"]["location"].startswith("$message.payload#/")

    schema = DOCUMENT["components"]["schemas"][name]
    Draft202012Validator.check_schema(schema)
    assert schema["properties"] == read(schema_file(HERE, type))["properties"]
    payload = Draft202012Validator(
        {**message["payload"], "components": DOCUMENT["components"]}, format_checker=formats
    )
    (example,) = message["examples"]
    assert example["payload"] == read(sample_file(HERE, type))
    payload.validate(example["payload"])
    with pytest.raises(ValidationError):
        payload.validate({**example["payload"], "type": "cn.jinlin.petitions.Other.v1"})

"""The AsyncAPI 3.0.0 document: which topics there are, what is sent there, how it is keyed."""

from collections.abc import Mapping
from typing import Any

import yaml

from shared.contracts.envelope import topic
from shared.contracts.json_schema import Schema

PARTITIONS = 6
"""Partitions of every topic of public events."""

BINDING = "0.5.0"
"""Version of the Kafka bindings (https://github.com/asyncapi/bindings/tree/master/kafka)."""

_NOT_HERE = frozenset({"$schema", "$id", "allOf"})
"""AsyncAPI names schemas by their place in the document, and chooses `data` by message."""


def document(schemas: Mapping[str, Schema], samples: Mapping[str, Any], envelope: Schema) -> str:
    """The document as YAML. `schemas` and `samples` are by CloudEvents type, in the order to be
    shown.
    """
    services: dict[str, list[str]] = {}
    for type in schemas:
        services.setdefault(type.split(".")[2], []).append(type)
    content = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Jinlin events",
            "version": "1.0.0",
            "description": (
                "What the services of Jinlin (近邻) tell each other and other systems.\n"
                "Every message is a CloudEvents 1.0 event in structured JSON.\n"
                "Codes, ids, times and counts only: no personal data, ever.\n"
                "Readers pass over types and fields they do not know.\n"
            ),
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {service: _channel(service, types) for service, types in services.items()},
        "operations": {
            f"{service}.send": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{service}"},
                "summary": f"{service} tells what happened there.",
                "messages": [
                    {"$ref": f"#/channels/{service}/messages/{_short(type)}"} for type in types
                ],
                "bindings": {"kafka": {"bindingVersion": BINDING}},
            }
            for service, types in services.items()
        },
        "components": {
            "messages": {
                _short(type): _message(type, schemas[type], samples[type]) for type in schemas
            },
            "schemas": {
                "envelope": _inside(envelope),
                **{_short(type): _inside(schema) for type, schema in schemas.items()},
            },
        },
    }
    return yaml.dump(
        content, Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=110
    )


_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _WithoutAliases(_Dumper):  # type: ignore[misc]
    """Writes a value out wherever it occurs: `*id001` helps no reader."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _short(type: str) -> str:
    return type.removeprefix("cn.jinlin.")


def _inside(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in _NOT_HERE}


def _channel(service: str, types: list[str]) -> dict[str, Any]:
    return {
        "address": topic(service),
        "title": f"Events of {service}",
        "description": "Keyed by stream: the events of one stream are in order, those of different "
        "streams are not. Delivered at least once; the event's id tells repetitions.",
        "messages": {
            _short(type): {"$ref": f"#/components/messages/{_short(type)}"} for type in types
        },
        "bindings": {
            "kafka": {
                "topic": topic(service),
                "partitions": PARTITIONS,
                "topicConfiguration": {"cleanup.policy": ["delete"]},
                "bindingVersion": BINDING,
            }
        },
    }


def _message(type: str, schema: Schema, sample: Any) -> dict[str, Any]:
    return {
        "name": type,
        "title": schema["title"],
        "description": schema["description"],
        "contentType": "application/cloudevents+json",
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/envelope"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": type},
                        "data": {"$ref": f"#/components/schemas/{_short(type)}"},
                    },
                },
            ]
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The stream, the same as `subject`."},
                "bindingVersion": BINDING,
            }
        },
        "examples": [{"name": "golden", "payload": sample}],
    }

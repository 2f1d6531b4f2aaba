"""A verb that no table knows has a form by what its service says of it."""

from services.gateway.pages.staff.fields import Kind
from services.gateway.pages.staff.unknown_verbs import form_in

DOCUMENT = {
    "paths": {
        "/petitions/{id}/postpone": {
            "post": {
                "summary": "Postpone",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Postpone"}}
                    }
                },
            }
        },
        "/petitions/{id}": {"get": {}},
    },
    "components": {
        "schemas": {
            "Level": {"enum": ["area", "street"]},
            "Postpone": {
                "type": "object",
                "required": ["until", "reason", "sure"],
                "properties": {
                    "until": {"type": "string", "format": "date-time"},
                    "day": {"type": "string", "format": "date"},
                    "reason": {"type": "string", "maxLength": 20000},
                    "who": {"type": "string", "maxLength": 128},
                    "sure": {"type": "boolean"},
                    "loud": {"type": "boolean", "default": False},
                    "times": {"type": "integer"},
                    "level": {"anyOf": [{"$ref": "#/components/schemas/Level"}, {"type": "null"}]},
                    "places": {"type": "array", "items": {"type": "string"}},
                    "contact": {"type": "object"},
                },
            },
        }
    },
}


def test_each_field_is_filled_in_by_what_it_is() -> None:
    form = form_in(DOCUMENT, "/petitions/{id}/postpone")
    assert form is not None
    assert {field.name: field.kind for field in form.fields} == {
        "until": Kind.MOMENT,
        "day": Kind.DAY,
        "reason": Kind.PASSAGE,
        "who": Kind.LINE,
        "sure": Kind.YES_NO,
        "loud": Kind.FLAG,
        "times": Kind.NUMBER,
        "level": Kind.CHOICE,
        "places": Kind.MANY,
        "contact": Kind.JSON,
    }
    assert {field.name for field in form.fields if field.required} == {"until", "reason", "sure"}


def test_what_is_not_listed_has_no_form() -> None:
    assert form_in(DOCUMENT, "/petitions/{id}/abolish") is None
    assert form_in(DOCUMENT, "/petitions/{id}") is None

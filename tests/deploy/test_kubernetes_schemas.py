"""The manifests hold to what Kubernetes and its operators take."""

from __future__ import annotations

import copy
import re

import pytest
from jsonschema import Draft202012Validator
from kubernetes_validate import ValidationError, validate

from deploy.local.layout import ROOT
from tests.deploy.custom_resources import Unknown, custom, key_of, part_used, schemas
from tests.deploy.kubernetes import BASE, OVERLAY_NAMES, Doc, kustomize, manifests

BUILT = pytest.mark.skipif(kustomize() is None, reason="neither kustomize nor a kubectl with 5.x")
EVERYWHERE = [BASE, *(pytest.param(name, marks=BUILT) for name in OVERLAY_NAMES)]
VERSION = "1.30"
"""The oldest Kubernetes that docs/guides/deploying.md names: the first to sleep before stopping.
"""


@pytest.mark.parametrize("which", EVERYWHERE)
def test_kubernetes_takes_what_is_its_own(which: str) -> None:
    operators = custom(manifests(which))
    own = [doc for doc in manifests(which) if doc not in operators]
    assert len(own) > 30
    for doc in own:
        validate(doc, VERSION, strict=True)


@pytest.mark.parametrize("which", EVERYWHERE)
def test_operators_take_what_is_theirs(which: str) -> None:
    known = schemas()
    for doc in custom(manifests(which)):
        assert errors(known[key_of(doc)], doc["spec"]) == []


def test_a_field_that_kubernetes_does_not_know_is_refused() -> None:
    (doc, *_) = [doc for doc in manifests(BASE) if doc["kind"] == "Deployment"]
    wrong = copy.deepcopy(doc)
    wrong["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(ValidationError):
        validate(wrong, VERSION, strict=True)


def test_a_field_that_an_operator_does_not_know_is_refused() -> None:
    for doc in custom(manifests(BASE)):
        known = schemas()[key_of(doc)]
        assert errors(known, {**doc["spec"], "unheardOf": 1}), key_of(doc)
        with pytest.raises(Unknown):
            part_used(known, [{**doc["spec"], "unheardOf": 1}], key_of(doc))


def test_a_value_of_another_type_is_refused() -> None:
    (kafka,) = [doc for doc in custom(manifests(BASE)) if doc["kind"] == "Kafka"]
    wrong = copy.deepcopy(kafka["spec"])
    wrong["kafka"]["listeners"][0]["port"] = "9092"
    assert errors(schemas()[key_of(kafka)], wrong)


def test_the_guide_names_this_version() -> None:
    guide = (ROOT / "docs" / "guides" / "deploying.md").read_text(encoding="utf-8")
    assert re.search(rf"Kubernetes {re.escape(VERSION)}\b", guide)


def errors(schema: Doc, spec: Doc) -> list[str]:
    """What is wrong, each with where."""
    found = Draft202012Validator(schema).iter_errors(spec)
    return [f"{error.json_path}: {error.message}" for error in found]

"""Who may import whom: what import-linter holds in `make check`, and what it cannot say."""

import subprocess
import sys

import pytest

from tests.architecture.modules import SERVICES, Module, lies_in, modules

DRIVERS = ("aiokafka", "bson", "faststream", "gridfs", "kafka", "motor", "pymongo")

PURE = (
    "shared.contracts",
    "shared.merkle.entries",
    "shared.merkle.notes",
    "shared.merkle.tree",
    "shared.neighbourhood.drawing",
    "shared.runtime.aggregate",
    "shared.worktime.hours",
)
"""What a domain may import beside the standard library and itself."""

DOMAINS = [m for name in SERVICES for m in modules(f"services/{name}/domain")]


def test_there_is_something_to_look_at() -> None:
    assert {"community", "petitions", "volunteering", "mediation", "ledger"} < set(SERVICES)
    assert len(DOMAINS) > 10


@pytest.mark.parametrize("module", DOMAINS, ids=lambda module: module.name)
def test_a_domain_is_pure(module: Module) -> None:
    own = ".".join(module.name.split(".")[:3])
    for name in module.imports():
        pure = name.split(".")[0] in sys.stdlib_module_names
        ours = lies_in(name, *PURE, own)
        assert pure or ours, f"{module.name} imports {name}"
        # Time, ids and chance come in as arguments.
        assert not lies_in(name, "random", "secrets", "uuid", "time", "os"), module.name


@pytest.mark.parametrize("service", SERVICES)
def test_services_know_each_other_by_events_only(service: str) -> None:
    others = [f"services.{name}" for name in SERVICES if name != service]
    for module in modules(f"services/{service}"):
        for name in module.imports():
            assert not lies_in(name, *others), f"{module.name} imports {name}"


def test_only_the_runtime_imports_drivers() -> None:
    for module in modules("services", "shared"):
        if not lies_in(module.name, "shared.runtime", "shared.client"):
            for name in module.imports():
                assert not lies_in(name, *DRIVERS), f"{module.name} imports {name}"


def test_a_service_starts_without_what_few_requests_need() -> None:
    """Memory of every process and seconds of every start: it is loaded with the first who asks."""
    seldom = {"arro3", "kafka", "pyarrow", "reportlab"}
    code = "import sys, importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    code += f"print(*({seldom!r} & sys.modules.keys()))"
    mains = [f"services.{name}.main" for name in SERVICES]
    run = subprocess.run(
        [sys.executable, "-c", code, *mains], capture_output=True, check=True, timeout=60
    )
    assert run.stdout.split() == []


def test_what_runs_knows_nothing_of_deploy_and_tests() -> None:
    for module in modules("services", "shared"):
        for name in module.imports():
            assert not lies_in(name, "deploy", "tests"), f"{module.name} imports {name}"
    for module in modules("deploy"):
        for name in module.imports():
            assert not lies_in(name, "tests"), f"{module.name} imports {name}"


def test_shared_knows_no_service() -> None:
    for module in modules("shared"):
        for name in module.imports():
            assert not lies_in(name, "services"), f"{module.name} imports {name}"


def test_contracts_stand_on_nothing_of_ours() -> None:
    for module in modules("shared/contracts"):
        for name in module.imports():
            assert not lies_in(name, "services", "shared.runtime", "shared.neighbourhood"), (
                f"{module.name} imports {name}"
            )


def test_the_client_of_other_systems_stands_on_little() -> None:
    for module in modules("shared/client"):
        for name in module.imports():
            known = name.split(".")[0] in sys.stdlib_module_names
            ours = lies_in(name, "shared.client", "shared.contracts", "kafka")
            assert known or ours, f"{module.name} imports {name}"

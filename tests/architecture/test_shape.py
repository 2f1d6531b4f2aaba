"""Files: where they are, what they are called and how long they may be."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.architecture.modules import PARTS, ROOT, SERVICES, modules

LONGEST, LONGEST_DOMAIN = 400, 300
SLACK = 1.3
"""A file over the limit wants splitting; over this much of it, it is split."""
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "base", "misc"}
SHAPE = {"__init__.py", "domain", "main.py", "problems.zh.yaml", "README.md"}
PARTS_OF_A_SERVICE = ("api", "views", "facts", "reactions")
"""Each a module, or in a large service a folder with a module per chapter."""
MAIN_LINES = 40
NOT_OURS = {"build", "var"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_shape(service: str) -> None:
    there = {path.name for path in (ROOT / "services" / service).iterdir()}
    assert there >= SHAPE, f"{service} lacks {sorted(SHAPE - there)}"
    for part in PARTS_OF_A_SERVICE:
        assert not {part, f"{part}.py"} <= there, f"{service}: {part} is a module or a folder"
    assert there & {"api.py", "api"}, f"{service}: a table of verbs, api.py or api/"
    assert there & {"views.py", "views"}, f"{service}: its queries, views.py or views/"
    main = (ROOT / "services" / service / "main.py").read_text(encoding="utf-8")
    assert len(main.splitlines()) <= MAIN_LINES
    assert ("reactions=reactions" in main) == bool({"reactions.py", "reactions"} & there)


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_readme_has_a_state_diagram(service: str) -> None:
    text = (ROOT / "services" / service / "README.md").read_text(encoding="utf-8")
    assert "```mermaid" in text
    assert "stateDiagram" in text


def test_no_file_is_too_long() -> None:
    too_long = {
        module.name: module.lines
        for module in modules(*PARTS)
        if module.lines > SLACK * (LONGEST_DOMAIN if ".domain." in module.name else LONGEST)
    }
    assert too_long == {}


def test_names_say_what_is_inside() -> None:
    for module in modules(*PARTS):
        parts = module.path.relative_to(ROOT).with_suffix("").parts
        assert not EMPTY_NAMES.intersection(parts), module.name


def test_public_things_of_services_and_shared_have_a_docstring() -> None:
    silent = [
        f"{module.name}.{node.name}"
        for module in modules("services", "shared")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_the_architecture_document_names_every_folder() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith((".", "__")) and path.name not in NOT_OURS
    }
    folders = {name for name in folders if not name.endswith(".egg-info")}
    assert folders >= {"services", "shared", "deploy", "docs", "tests"}
    missing = [name for name in sorted(folders) if f"{name}/" not in text]
    assert missing == []


# --- links -------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+\s+(?P<title>.+)$", re.MULTILINE)


def documents() -> list[Path]:
    """Our Markdown files."""
    found = [*ROOT.glob("*.md")]
    for part in ("docs", "examples", "services", "shared", "deploy", "tests"):
        found += (ROOT / part).rglob("*.md")
    return sorted(found)


def anchors(file: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    text = FENCE.sub("", file.read_text(encoding="utf-8"))
    titles = (match["title"].strip().lower().replace("`", "") for match in HEADING.finditer(text))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("file", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_links_lead_somewhere(file: Path) -> None:
    text = FENCE.sub("", file.read_text(encoding="utf-8"))
    for match in LINK.finditer(text):
        target = unquote(match["target"])
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (file.parent / path).resolve() if path else file
        assert there.exists(), f"{file.name} links to {target}"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{file.name} links to {target}"


def test_who_runs_alone_says_so_in_a_file_of_tests() -> None:
    """There `make test` looks for them."""
    word = "mark." + "alone"
    saying = [path for path in (ROOT / "tests").rglob("*.py") if word in path.read_text("utf-8")]
    assert saying
    assert [path.name for path in saying if not path.name.startswith("test_")] == []

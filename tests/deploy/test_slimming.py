"""Packages of the image without what is taken out of them: everything of ours still runs."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from deploy.symbols import without_symbols
from tests.deploy.test_image import RUN_IN_CONTAINERS, pinned

EVERYTHING = """
import importlib, json, sys
folder, root, modules, wanted = sys.argv[1], sys.argv[2], *map(json.loads, sys.argv[3:5])
sys.path[:0] = [root, folder]
for module in modules:
    importlib.import_module(module)
for module, name in wanted:
    there = importlib.import_module(module)
    if name is not None and not hasattr(there, name):
        importlib.import_module(f"{module}.{name}")
strays = {
    module.__file__ for module in list(sys.modules.values())
    if "site-packages" in (getattr(module, "__file__", None) or "")
}
assert not strays, strays
"""
AT_WORK = """
import sys
from io import BytesIO
sys.path[:0] = sys.argv[1:]

import babel.dates, numpy, opencc, uvloop, yaml
from babel import Locale
from datetime import date
from PIL import Image
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from shared.runtime.parquet import Column, ParquetFile
from stdnum.iso7064 import mod_11_10

for format in ("JPEG", "PNG"):
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, format)
    assert Image.open(BytesIO(out.getvalue())).format == format
assert opencc.OpenCC("s2tw").convert("邻里") == "鄰里"
assert babel.dates.format_date(date(2026, 1, 1), locale=Locale("zh")).startswith("2026")
assert numpy.dot([1, 2], [3, 4]) == 11
assert mod_11_10.is_valid(mod_11_10.calc_check_digit("7") and "7" + mod_11_10.calc_check_digit("7"))
assert yaml.load("a: 1", yaml.CSafeLoader) == {"a": 1}
key = Ed25519PrivateKey.generate()
key.public_key().verify(key.sign(b"near"), b"near")
with ParquetFile({"a": Column.INT}) as file:
    assert file.write([{"a": 1}]) + file.end()

async def nothing():
    return 7
assert uvloop.run(nothing()) == 7
"""


@pytest.fixture(scope="module")
def slim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the image as the image has them."""
    folder = tmp_path_factory.mktemp("packages")
    for name, _ in pinned("deploy/image.lock"):
        _copy(name, folder)
    before = _size(folder)
    subprocess.run(["sh", ROOT / "deploy" / "slimming.sh", folder], check=True)
    subprocess.run([sys.executable, ROOT / "deploy" / "symbols.py", folder], check=True)
    assert _size(folder) < before * 0.8
    return folder


@pytest.mark.slow
def test_what_is_taken_out_is_imported_by_nobody(slim: Path) -> None:
    wanted = sorted(set(_imports()), key=str)
    assert len(wanted) > 100
    _python(EVERYTHING, slim, ROOT, json.dumps(RUN_IN_CONTAINERS), json.dumps(wanted))


@pytest.mark.slow
def test_compiled_libraries_work_without_their_symbols(slim: Path) -> None:
    _python(AT_WORK, slim, ROOT)


def test_what_is_no_library_stays_as_it_is() -> None:
    for content in (b"", b"INPUT(libc.so.6)\n", b"\x7fELF\x01\x01" + bytes(60)):
        assert without_symbols(content) == content


def _python(script: str, *arguments: object) -> None:
    """Runs it with nothing installed but what it puts on its path."""
    command = [sys.executable, "-I", "-S", "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _copy(name: str, folder: Path) -> None:
    """Those of another Python's versions, and those for other systems, are not installed."""
    try:
        files = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError:
        return
    for file in files:
        if ".." in file.parts or "__pycache__" in file.parts:
            continue
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.locate(), target)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _imports() -> Iterator[tuple[str, str | None]]:
    """What services and what they stand on import of the image's packages anywhere, late imports
    among them: module and name.
    """
    locked = {_same(name) for name, _ in pinned("deploy/image.lock")}
    owners = importlib.metadata.packages_distributions()
    there = {top for top, names in owners.items() if locked & set(map(_same, names))}
    for part in ("services", "shared"):
        for file in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Import(names=names):
                        found = [(one.name, None) for one in names]
                    case ast.ImportFrom(module=str(module), names=names, level=0):
                        found = [(module, one.name) for one in names]
                    case _:
                        continue
                yield from (one for one in found if one[0].partition(".")[0] in there)


def _same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

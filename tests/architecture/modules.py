"""The project's Python files, and what each imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("services", "shared", "deploy", "tests")
SERVICES = tuple(
    sorted(p.parent.name for p in (ROOT / "services").glob("*/__init__.py") if p.parent.name)
)


@dataclass(frozen=True)
class Module:
    """A file, by its path from the root and its dotted name."""

    path: Path
    name: str

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @property
    def tree(self) -> ast.Module:
        """It, parsed."""
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    def imports(self) -> Iterator[str]:
        """The dotted names that it imports; ``from a import b`` gives ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: relative imports hide where a thing lives"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules(*below: str) -> tuple[Module, ...]:
    """All modules below these folders."""
    files = sorted(file for part in below for file in (ROOT / part).rglob("*.py"))
    return tuple(
        Module(file, ".".join(file.relative_to(ROOT).with_suffix("").parts)) for file in files
    )


def lies_in(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of these packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)

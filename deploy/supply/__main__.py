"""`make supply`: lists licences and materials of the image into build/; fails on a licence that
nobody has looked at, and on a secret that was checked in.
"""

from __future__ import annotations

import json
import sys
import tomllib

from deploy.local.layout import BUILD, ROOT
from deploy.supply import licences
from deploy.supply.bom import bill
from deploy.supply.locked import packages
from deploy.supply.secrets_in_files import checked_in, leaks


def main() -> int:
    """0 where all is well, 1 with a line for each thing that is not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    there = packages()
    BUILD.mkdir(exist_ok=True)
    licences.write(there, BUILD / "licences.csv")
    materials = bill(there, project["name"], project["version"])
    (BUILD / "bom.json").write_text(json.dumps(materials, indent=2) + "\n", encoding="utf-8")
    print(f"{len(there)} packages: build/licences.csv, build/bom.json")
    wrong = [f"licence: {line}" for line in licences.unknown(there)]
    wrong += [f"secret: {line}" for line in leaks(checked_in())]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""The bill of materials of the image: CycloneDX 1.6, as JSON. The same lock gives the same bill."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from deploy.supply.locked import Package

FORMAT, VERSION = "CycloneDX", "1.6"
PYPI = "https://pypi.org/project"


def bill(packages: Sequence[Package], product: str, version: str) -> dict[str, Any]:
    """What `product` is made of."""
    root = f"pkg:pypi/{product}@{version}"
    refs = {one.name: _ref(one) for one in packages}
    needs: defaultdict[str, list[str]] = defaultdict(list)
    for one in packages:
        for wanting in one.wanted_by:
            needs[refs.get(wanting, root)].append(refs[one.name])
    digests = "".join(digest for one in packages for digest in one.digests)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": FORMAT,
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, root + digests)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": product,
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [_component(one) for one in packages],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(set(needs[ref]))} for ref in (root, *refs.values())
        ],
    }


def _ref(package: Package) -> str:
    return f"pkg:pypi/{package.name.lower()}@{package.version}"


def _component(package: Package) -> dict[str, Any]:
    files = [{"alg": "SHA-256", "content": digest} for digest in package.digests]
    address = f"{PYPI}/{package.name}/{package.version}/"
    return {
        "type": "library",
        "bom-ref": _ref(package),
        "name": package.name,
        "version": package.version,
        "purl": _ref(package),
        "licenses": [{"license": {"name": one}} for one in package.licences],
        # One version has many files, for each system its own: any of these is it.
        "externalReferences": [{"type": "distribution", "url": address, "hashes": files}],
    }

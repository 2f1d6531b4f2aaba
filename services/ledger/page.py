"""The page that checks proofs in a browser: one file, which needs nothing else and no network.

What it may do stands in it and is sent with it: to run its own script, which is named by its hash,
and nothing besides.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("verify.html")

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)

PAGE = FILE.read_text(encoding="utf-8")


def policy(page: str) -> str:
    """What a page with this script and this style may do."""
    script, style = (_hash(kind.findall(page)) for kind in (_SCRIPT, _STYLE))
    return f"default-src 'none'; script-src '{script}'; style-src '{style}'"


def _hash(parts: list[str]) -> str:
    (only,) = parts
    return f"sha256-{b64encode(sha256(only.encode()).digest()).decode()}"


POLICY = f"{policy(PAGE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

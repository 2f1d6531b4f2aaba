"""The page that checks credentials in a browser: one file, as `services.ledger.page` is for proofs.
It judges as `services.ledger.credentials.checking` does, and says it in the same words.
"""

from pathlib import Path

from services.ledger.page import policy

FILE = Path(__file__).with_name("credential.html")
PAGE = FILE.read_text(encoding="utf-8")
POLICY = f"{policy(PAGE)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

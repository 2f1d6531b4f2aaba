"""What browsers are told to be careful of, with every answer."""

from urllib.parse import urlsplit

HSTS_SECONDS = 365 * 24 * 3_600
"""Seconds for which a browser that was here by TLS comes by nothing else."""
FEATURES = (
    "camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=(), "
    "browsing-topics=()"
)
"""What a page may ask the device for: where somebody stands, so that a place is found."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""Of answers that are no pages: should a browser show one, nothing in it comes to life."""


def page_policy(issuer: str) -> str:
    """The Content-Security-Policy of pages: everything from here, no script or style in the page
    itself. Logging out leads a form to the `issuer`.
    """
    parts = urlsplit(issuer)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {parts.scheme}://{parts.netloc}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class Shielding:
    """The headers that every answer gets which does not have them."""

    def __init__(self, issuer: str, production: bool) -> None:
        """Only in `production` is there TLS for sure."""
        self._page_policy = page_policy(issuer).encode()
        self._data_policy = DATA_POLICY.encode()
        self._always = {
            b"x-content-type-options": b"nosniff",
            b"referrer-policy": b"same-origin",
            b"cross-origin-opener-policy": b"same-origin",
            b"cross-origin-resource-policy": b"same-origin",
            b"permissions-policy": FEATURES.encode(),
            b"x-frame-options": b"DENY",
        }
        if production:
            value = f"max-age={HSTS_SECONDS}; includeSubDomains"
            self._always[b"strict-transport-security"] = value.encode()

    def missing(self, present: frozenset[bytes], page: bool) -> list[tuple[bytes, bytes]]:
        """What an answer lacks whose headers are `present`."""
        added = [(name, value) for name, value in self._always.items() if name not in present]
        if b"content-security-policy" not in present:
            policy = self._page_policy if page else self._data_policy
            added.append((b"content-security-policy", policy))
        return added

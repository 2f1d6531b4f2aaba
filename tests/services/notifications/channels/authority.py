"""A certificate authority for a test, and what it certifies: servers on this machine."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """`certificates` is the file that who trusts it is given, `serving` what a server shows."""

    certificates: Path
    serving: ssl.SSLContext

    @property
    def trusting(self) -> ssl.SSLContext:
        """What believes it."""
        return ssl.create_default_context(cafile=str(self.certificates))


def authority(folder: Path, name: str = "localhost") -> Authority:
    """An authority that has certified a server of that name, and at 127.0.0.1."""
    own, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    its_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    root = (
        _begun(its_name, its_name, own.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(own, hashes.SHA256())
    )
    names = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ip_address("127.0.0.1")))  # type: ignore[arg-type]
    leaf = (
        _begun(x509.Name([]), its_name, server.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .sign(own, hashes.SHA256())
    )
    certificates = folder / "authority.pem"
    certificates.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    shown = folder / "server.pem"
    shown.write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM)
        + server.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(shown)
    return Authority(certificates, serving)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )

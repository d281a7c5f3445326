"""The installation's own key for sealing, with its own CA: made at the first use, readable by its owner only.

Nobody outside vouches for this key: a seal shows that a file is unchanged, nothing more.
"""

from __future__ import annotations

import os
import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_BITS = 3072
_YEARS = 10
#: how the certificate calls its owner: what the seal is must be read in every PDF reader
_SEAL_NAME = "Cogov 系统加封（仅核对文本，无法律效力）"
_CA_NAME = "Cogov 本机构自建证书（无法律效力）"


@dataclass(frozen=True, slots=True)
class Keys:
    """PEM files of the key, its certificate and the CA's certificate."""

    key: Path
    certificate: Path
    ca: Path


def keys_of(folder: Path, now: datetime) -> Keys:
    """The keys in `folder`; made if there are none. Two first uses at once end with one pair of keys."""
    found = Keys(folder / "seal-key.pem", folder / "seal.pem", folder / "ca.pem")
    if not found.certificate.exists():
        _make(folder, now)
    return found


def _make(folder: Path, now: datetime) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    own = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
    own.mkdir(mode=0o700)
    try:
        _write_keys(own, now)
        with suppress(OSError):  # of two first uses at once the first one's keys hold
            own.rename(folder)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _write_keys(folder: Path, now: datetime) -> None:
    ca_key, seal_key = (rsa.generate_private_key(public_exponent=65537, key_size=_BITS) for _ in range(2))
    ca_name, seal_name = (_name(text) for text in (_CA_NAME, _SEAL_NAME))
    ca = _certificate(ca_name, ca_name, ca_key.public_key(), now).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    ca = ca.add_extension(_usage(signs=False), critical=True)
    seal = _certificate(seal_name, ca_name, seal_key.public_key(), now)
    seal = seal.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True).add_extension(
        _usage(signs=True), critical=True
    )
    seal = seal.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
    ca = ca.add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
    pem = serialization.Encoding.PEM
    _secret(folder / "ca-key.pem", _private(ca_key))
    _secret(folder / "seal-key.pem", _private(seal_key))
    (folder / "ca.pem").write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    (folder / "seal.pem").write_bytes(seal.sign(ca_key, hashes.SHA256()).public_bytes(pem))


def _certificate(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, now: datetime) -> x509.CertificateBuilder:
    begin = now - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365 * _YEARS))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=not signs, crl_sign=not signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)

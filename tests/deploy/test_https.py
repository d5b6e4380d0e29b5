"""The shipped configuration for HTTPS, with Debian's HAProxy."""

from __future__ import annotations

import shutil
import ssl
import threading
import urllib.request
from datetime import UTC, datetime
from ipaddress import ip_address

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pinpoint_sms_emu import Emulator, Server
from tests.deploy.replicas import DEPLOY, free_ports, haproxy

pytestmark = [pytest.mark.needs("haproxy"), pytest.mark.timeout(600)]

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI"


def write_certificate(file):
    """Write a certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "emulator")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    file.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, private, serialization.NoEncryption())
    )


@pytest.fixture
def emulator(tmp_path):
    """An emulator that verifies signatures, which cover the Host header."""
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY} {SECRET}\n")
    return Emulator(signing_keys=keys)


@pytest.fixture
def authority(tmp_path):
    """The certificate that clients trust."""
    write_certificate(tmp_path / "emulator.pem")
    return tmp_path / "emulator.pem"


@pytest.fixture
def url(emulator, authority):
    """The proxy's URL."""
    shutil.copy(DEPLOY / "https.cfg", authority.parent / "haproxy.cfg")
    (port,) = free_ports(1)
    with Server(emulator) as server:
        target = server.url.removeprefix("http://")
        with haproxy(authority.parent, HAPROXY_BIND=f"127.0.0.1:{port}", EMULATOR=target):
            wait_for(f"https://127.0.0.1:{port}/_proxy/health", authority)
            yield f"https://127.0.0.1:{port}"


def get(url, authority, **headers):
    """Get a document, without a proxy."""
    context = ssl.create_default_context(cafile=authority)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.read()


def wait_for(url, authority):
    """Wait until the proxy listens."""
    pause = threading.Event()
    for _ in range(100):
        try:
            get(url, authority)
        except OSError:
            pause.wait(0.1)
        else:
            return
    raise RuntimeError(f"nothing answers at {url}")


def test_signed_calls_over_https(url, authority, emulator):
    """A signature holds behind the proxy, and a wrong one does not."""
    emulator.add_number("+12065550100")

    def send(secret):
        boto3.client(
            "pinpoint-sms-voice-v2",
            endpoint_url=url,
            verify=str(authority),
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=secret,
        ).send_text_message(
            DestinationPhoneNumber="+14255550123",
            OriginationIdentity="+12065550100",
            MessageBody="Hello",
        )

    send(SECRET)
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        send("wrong")

    assert [message.body for message in emulator.messages] == ["Hello"]


def test_the_page_over_https(url, authority):
    """The page and its requests are answered."""
    assert b"<title>" in get(f"{url}/", authority)
    assert b'"messages":[]' in get(f"{url}/_emulator/messages", authority, Origin=url)

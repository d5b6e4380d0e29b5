"""Verifying signatures with signing keys; botocore's signer is used on both sides."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from freezegun import freeze_time

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from tests.conftest import LENIENT, SERVICE

KEYS = """
# Two people, and an account.
AKIAIOSFODNN7EXAMPLE  wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AKIAI44QH8DHBEXAMPLE  je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY

111122223333          secret
"""
KEY, SECRET = KEYS.split("\n")[2].split()
HOST = "sms-voice.us-east-1.amazonaws.com"


@pytest.fixture
def emulator(tmp_path):
    """An emulator with signing keys."""
    file = tmp_path / "keys"
    file.write_text(KEYS)
    with mock_sms(seed=7, signing_keys=file) as inside:
        yield inside


@pytest.fixture
def sign_in(url):
    """Make a boto3 client with these credentials."""

    def make(key, secret, token=None):
        return boto3.client(
            SERVICE,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            endpoint_url=url,
            config=LENIENT,
        )

    return make


@pytest.fixture
def sign(url):
    """Sign a call of DescribePools with a date; return the headers."""
    host = url.removeprefix("http://") if url else HOST

    def make(at=None, service="sms-voice", **more):
        headers = {"X-Amz-Target": "PinpointSMSVoiceV2.DescribePools", "Host": host, **more}
        request = AWSRequest(method="POST", url=f"http://{host}/", headers=headers, data=b"{}")
        with freeze_time(at or datetime.now(UTC)):  # noqa: TID251 as a client does
            SigV4Auth(Credentials(KEY, SECRET), service, "us-east-1").add_auth(request)
        return {name.lower().replace("-", "_"): value for name, value in request.headers.items()}

    return make


@pytest.mark.rule("proto-signing", "proto-signature-verified")
@pytest.mark.parametrize("token", [None, "a-session"])
def test_a_valid_signature_is_accepted(sign_in, token):
    """The secret is that of a known key."""
    sms = sign_in(KEY, SECRET, token)

    made = sms.create_opt_out_list(OptOutListName="news", Tags=[{"Key": "é", "Value": ""}])

    assert made["Tags"] == [{"Key": "é", "Value": ""}]


@pytest.mark.rule("proto-account")
def test_the_account_of_a_known_key(sign_in):
    """A key of 12 digits is its account's id here too."""
    made = sign_in("111122223333", "secret").create_opt_out_list(OptOutListName="news")

    assert ":111122223333:" in made["OptOutListArn"]


@pytest.mark.rule("proto-signature-verified")
@pytest.mark.parametrize(
    ("key", "secret", "code", "text"),
    [
        (
            KEY,
            "wrong",
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.",
        ),
        (KEY, "secret", "InvalidSignatureException", "The request signature we calculated"),
        (
            "AKIANOBODY",
            SECRET,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
    ],
)
def test_wrong_secrets_and_unknown_keys_are_refused(emulator, sign_in, key, secret, code, text):
    """The refusal changes nothing."""
    engine_of(emulator).account("123456789012", "us-east-1")
    before = emulator.snapshot()

    with pytest.raises(ClientError, match=text) as raised:
        sign_in(key, secret).create_opt_out_list(OptOutListName="news")

    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert emulator.snapshot() == before
    why = emulator.calls[-1].why
    assert key in why["summary"]
    assert "signing_keys" in why["help"]


@pytest.mark.rule("proto-signature-verified")
@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (-4, None),
        (4, None),
        (-6, "Signature expired: "),
        (6, "Signature not yet current: "),
        (-60 * 24 * 365, "Signature expired: "),
    ],
)
def test_a_signature_is_valid_for_five_minutes(raw, sign, minutes, text):
    """It is valid from five minutes before to five minutes after its date."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)  # noqa: TID251 as a client does

    answer = raw("DescribePools", b"{}", **sign(at))

    if text is None:
        assert answer.status == 200
    else:
        assert (answer.status, answer.code) == (403, "InvalidSignatureException")
        assert answer.json["message"].startswith(f"{text}{at:%Y%m%dT%H%M%SZ} is ")


def test_signatures_use_the_systems_time(emulator, raw, sign):
    """The emulator's clock does not matter, as clients do not use it."""
    emulator.clock.advance(days=400)

    assert raw("DescribePools", b"{}", **sign()).status == 200


@pytest.mark.rule("proto-signature-verified")
def test_a_changed_body_is_refused(raw, sign):
    """The body is signed too."""
    answer = raw("DescribePools", b'{"MaxResults": 1}', **sign())

    assert (answer.status, answer.code) == (403, "InvalidSignatureException")
    assert set(answer.json) == {"__type", "message"}


@pytest.mark.rule("proto-signature-verified")
def test_a_changed_operation_is_refused(raw, sign):
    """The operation is signed too."""
    other = {"x_amz_target": "PinpointSMSVoiceV2.DescribePhoneNumbers"}

    assert raw("", b"{}", **sign() | other).code == "InvalidSignatureException"


@pytest.mark.rule("proto-signing")
def test_a_signature_for_another_service_is_refused(raw, sign):
    """A signature for another service does not count for this one."""
    answer = raw("DescribePools", b"{}", **sign(service="execute-api"))

    assert answer.code == "InvalidSignatureException"
    assert answer.json["message"] == "Credential should be scoped to correct service: 'sms-voice'."


@pytest.mark.rule("proto-signature-verified")
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("us-east-1/", "eu-west-1/", "InvalidSignatureException"),
        ("Signature=", "Signatur=", "IncompleteSignatureException"),
        ("SignedHeaders=", "Signed=", "IncompleteSignatureException"),
        (";x-amz-target", "", "InvalidSignatureException"),
        ("host;", "", "InvalidSignatureException"),
        ("Signature=", "Signature=é", "InvalidSignatureException"),
        ("Signature=", "Signature=0", "InvalidSignatureException"),
        ("AWS4-HMAC-SHA256 ", "Bearer ", "IncompleteSignatureException"),
    ],
)
def test_a_changed_authorization_is_refused(raw, sign, old, new, code):
    """An Authorization header with a missing or changed part is refused."""
    headers = sign()
    assert old in headers["authorization"]

    headers["authorization"] = headers["authorization"].replace(old, new)
    answer = raw("DescribePools", b"{}", **headers)

    assert (answer.status, answer.code) == (403, code)


@pytest.mark.rule("proto-signature-verified")
def test_the_date_must_match_the_scope(raw, sign):
    """The day in the scope must be that of the date."""
    headers = sign()
    day = headers["x_amz_date"][:8]
    headers["authorization"] = headers["authorization"].replace(f"/{day}/", "/20260101/")

    answer = raw("DescribePools", b"{}", **headers)

    assert answer.code == "InvalidSignatureException"
    assert answer.json["message"].startswith("Date in Credential scope does not match ")


@pytest.mark.rule("proto-signature-verified")
@pytest.mark.parametrize("date", [None, "", "yesterday", "2026-01-01T00:00:00Z", "20260101"])
def test_an_invalid_date_is_refused(raw, sign, date):
    """A date is in ISO 8601's basic format."""
    answer = raw("DescribePools", b"{}", **sign() | {"x_amz_date": date})

    assert (answer.status, answer.code) == (403, "IncompleteSignatureException")


@pytest.mark.parametrize("value", ["a  b", "  a", "a;b=c", ""])
def test_all_signed_headers_are_verified(raw, sign, value):
    """Several spaces in a header count as one."""
    headers = sign(**{"X-Amz-Meta": value, "Content-Type": "application/x-amz-json-1.0"})

    assert raw("DescribePools", b"{}", **headers).status == 200
    changed = headers | {"x_amz_meta": "another"}
    assert raw("DescribePools", b"{}", **changed).code == "InvalidSignatureException"


def test_the_third_column_is_the_account(sign_in, emulator, tmp_path):
    """Calls with the key are made in that account, which its IAM user also has."""
    file = tmp_path / "more"
    file.write_text("TEAM secret 444455556666\nALONE secret\n444455556666 secret 444455556666\n")
    emulator.reset(signing_keys=file, policies={"TEAM": []}, policies_mode="report")

    arns = [
        sign_in(key, "secret").create_opt_out_list(OptOutListName=key)["OptOutListArn"]
        for key in ("TEAM", "ALONE", "444455556666")
    ]

    assert [arn.split(":")[4] for arn in arns] == ["444455556666", "123456789012", "444455556666"]
    assert [call.account_id for call in emulator.calls] == [arn.split(":")[4] for arn in arns]
    assert "arn:aws:iam::444455556666:user/TEAM" in emulator.calls[0].denied


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no key pair"),
        ("# nobody\n", "has no key pair"),
        ("KEY", "line 1: must be a key and its secret"),
        ("KEY SECRET\nA B 111122223333 C", "line 2: must be a key and its secret, and optionally"),
        ("KEY SECRET\nKEY OTHER", "line 2: the key KEY is there already"),
        ("KEY SECRET MORE", "line 1: an account has 12 digits, not 'MORE'"),
        ("111122223333 SECRET 444455556666", "line 1: a key of 12 digits is the id of its account"),
    ],
)
def test_an_invalid_key_file_is_refused(tmp_path, text, sentence):
    """The error has the place of the mistake."""
    file = tmp_path / "keys"
    file.write_text(text)

    with pytest.raises(ValueError, match=sentence):
        Emulator(signing_keys=file)


def test_a_missing_key_file_is_refused_like_any_wrong_setting(tmp_path):
    """It is a ValueError, as with the other settings that name a file."""
    with pytest.raises(ValueError, match=r"signing_keys .* cannot be read: No such file"):
        Emulator(signing_keys=tmp_path / "nowhere")

"""The files of messages are read through the S3 endpoint of the settings, and nowhere else."""

from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.doors.serving import run
from tests.s3 import reading_s3

NUMBER, PERSON = "+18885550100", "+14255550100"
URL = "s3://pictures/cat.png"
PICTURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def send(sms, emulator):
    """Send an MMS; gives its id."""
    emulator.add_number(NUMBER)

    def send(*urls):
        return sms.send_media_message(
            DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MediaUrls=list(urls or [URL])
        )["MessageId"]

    return send


@pytest.fixture
def put(emulator):
    """Put a file into a bucket that the emulator reads."""
    with reading_s3(emulator, "pictures") as s3:
        yield lambda key, body, kind: s3.put_object(
            Bucket="pictures", Key=key, Body=body, ContentType=kind
        )


def test_a_picture_is_read(put, send, emulator, server):
    """A picture is there in Python, over HTTP as what it is, and for the command."""
    put("cat.png", PICTURE, "image/png")
    message_id = send()

    picture = emulator.read_media(message_id)

    assert (picture.url, picture.content_type, picture.content) == (URL, "image/png", PICTURE)
    with urlopen(f"{server.url}/_emulator/messages/{message_id}/media") as answer:
        assert answer.read() == PICTURE
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_the_command_writes_a_file(put, send, server, tmp_path):
    """The command writes the file that was chosen to where it was told."""
    put("dog.png", PICTURE, "image/png")
    message_id = send("s3://pictures/dog.png")
    out = tmp_path / "dog.png"

    done = run(
        *("messages", "media", message_id, "--file", "s3://pictures/dog.png"),
        *("--output", str(out), "--url", server.url),
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes() == PICTURE


def test_other_files_than_pictures_are_downloads(put, send, server):
    """Files that a browser could run are sent as attachments."""
    put("cat.png", b"<script>alert(1)</script>", "text/html")
    message_id = send()

    with urlopen(f"{server.url}/_emulator/messages/{message_id}/media") as answer:
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"


def test_the_files_of_a_card_are_read_too(put, sms, emulator):
    """A card's picture is one of the files of an RCS message."""
    put("cat.png", PICTURE, "image/png")
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    card = {"Title": "Cat", "Media": {"FileUrl": URL, "Height": "SHORT"}}
    message_id = sms.send_rcs_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=agent,
        RcsMessageContent={
            "Content": {"RichCard": {"CardOrientation": "VERTICAL", "CardContent": card}}
        },
    )["MessageId"]

    assert emulator.read_media(message_id, URL).content == PICTURE


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (None, "cannot be read"),
        ("s3://pictures/dog.png", "has no file s3://pictures/dog.png"),
    ],
)
def test_unreadable_files_are_a_404(put, send, control, url, sentence):
    """A file that is not in S3, or none of the message's, is a 404 with a sentence."""
    del put
    query = f"?url={quote(url)}" if url else ""

    answer = control.get(f"/_emulator/messages/{send()}/media{query}")

    assert answer.status == 404
    assert sentence in answer.error


def test_nothing_is_read_without_an_endpoint(send, control):
    """Unless the user names an S3 endpoint, no file is read."""
    answer = control.get(f"/_emulator/messages/{send()}/media")

    assert (answer.status, answer.error) == (404, "files are not read: s3_endpoint_url is not set")


def test_large_files_are_not_read(put, send, control):
    """A file of more than the largest MMS has is not loaded."""
    put("cat.png", b"x" * (2 * 1024 * 1024 + 1), "image/png")

    assert control.get(f"/_emulator/messages/{send()}/media").error.endswith(
        "is larger than 2097152 bytes"
    )


def test_other_addresses_are_not_followed(sms, emulator, put):
    """Only s3:// is read: an address of the web would lead anywhere."""
    del put
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    address = "https://example.com/cat.png"
    message_id = sms.send_rcs_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=agent,
        RcsMessageContent={"Content": {"FileMessage": {"FileUrl": address}}},
    )["MessageId"]

    with pytest.raises(LookupError, match="only s3:// is"):
        emulator.read_media(message_id)

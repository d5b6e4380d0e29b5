"""Media files: a file that cannot be sent is an event, not a refusal."""

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.delivery import media_files
from tests.messaging.endpoints import free_port
from tests.s3 import reading_s3

KIB = 1024


@pytest.fixture
def bucket(emulator):
    """A bucket, and an emulator with the S3 endpoint."""
    with reading_s3(emulator, "pictures") as s3:
        yield lambda key, size: s3.put_object(Bucket="pictures", Key=key, Body=b"x" * size)


@pytest.fixture
def status(sms, emulator):
    """Send a picture, and return its status."""

    def send(url):
        numbers = engine_of(emulator).account("123456789012", "us-east-1").phone_numbers
        if not numbers.by_number("+18885550100"):
            emulator.add_number("+18885550100")
        sent = sms.send_media_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity="+18885550100",
            MediaUrls=[url],
        )
        return settled(emulator, sent["MessageId"])

    return send


def settled(emulator, message_id):
    """Return the status of a message after its files are inspected."""
    while not (message := engine_of(emulator).state.messages[message_id]).events:
        engine_of(emulator).closing.wait(0.01)
    return message.status


@pytest.mark.rule("media-type-unsupported")
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *((f"cat.{each}", "DELIVERED") for each in ("gif", "JPEG", "jpg", "png", "tiff", "pdf")),
        *((f"cat.{each}", "DELIVERED") for each in ("3gp", "amr", "mp3", "mp4", "ogg", "vcf")),
        *((f"cat.{each}", "FILE_TYPE_UNSUPPORTED") for each in ("exe", "bmp", "txt", "gif.zip")),
        ("v1.2/cat", "DELIVERED"),
    ],
)
def test_types(status, key, expected):
    """The extension of a key determines the type; without one, any type is possible."""
    assert status(f"s3://pictures/{key}") == expected


def test_files_are_not_looked_at_without_an_endpoint(status):
    """Unless the user names an S3 endpoint, every file is there, and small enough."""
    assert status("s3://nobodys-bucket/cat.png") == "DELIVERED"


@pytest.mark.rule("media-too-large")
@pytest.mark.parametrize(
    ("key", "largest"),
    [("cat.png", 2 * KIB * KIB), ("cat.jpeg", 2 * KIB * KIB), ("a.mp3", 600 * KIB)],
)
def test_sizes(bucket, status, key, largest):
    """Images may have 2 MB, all other files 600 KB."""
    bucket(key, largest)
    assert status(f"s3://pictures/{key}") == "DELIVERED"

    bucket(key, largest + 1)
    assert status(f"s3://pictures/{key}") == "FILE_SIZE_EXCEEDED"


@pytest.mark.rule("media-inaccessible")
def test_files_that_are_not_there(bucket, status):
    """A file that cannot be read is an event too."""
    bucket("cat.png", 1)

    assert status("s3://pictures/dog.png") == "FILE_INACCESSIBLE"
    assert status("s3://nobodys-bucket/cat.png") == "FILE_INACCESSIBLE"
    assert status("s3://pictures/cat.png") == "DELIVERED"


def test_an_endpoint_that_is_dead(emulator, status):
    """If S3 does not answer, the file cannot be read."""
    emulator.reset(seed=7, s3_endpoint_url=f"http://127.0.0.1:{free_port()}")

    assert status("s3://pictures/cat.png") == "FILE_INACCESSIBLE"


def test_an_outcome_overrides_the_inspection(bucket, emulator, status):
    """Outcomes apply before files are inspected."""
    emulator.outcome("MEDIA_DELIVERED", times=1)

    assert status("s3://pictures/dog.png") == "DELIVERED"


@pytest.mark.parametrize("there", [True, False])
def test_a_message_that_waits_in_a_state(bucket, emulator, sms, status, there):
    """A message whose files are not inspected yet is inspected after its state is restored."""
    if there:
        bucket("cat.png", 1)
    engine_of(emulator).servers, served = 1, engine_of(emulator).servers
    emulator.add_number("+18885550100")
    sms.send_media_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity="+18885550100",
        MediaUrls=["s3://pictures/cat.png"],
    )
    state = emulator.snapshot()
    engine_of(emulator).servers = served

    emulator.restore(state)

    [message] = emulator.messages
    assert settled(emulator, message.id) == ("DELIVERED" if there else "FILE_INACCESSIBLE")


def test_a_message_that_waits_goes_on_without_an_endpoint(bucket, emulator, sms, status):
    """Without an S3 endpoint, the waiting messages of a restored state are delivered."""
    bucket("cat.png", 1)
    status("s3://pictures/cat.png")
    engine_of(emulator).servers += 1  # a server's thread would inspect it later
    sent = sms.send_media_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity="+18885550100",
        MediaUrls=["s3://pictures/cat.png"],
    )
    waiting = emulator.snapshot()
    engine_of(emulator).servers -= 1

    elsewhere = Emulator()
    elsewhere.restore(waiting)
    message = elsewhere.find_messages().messages[-1]

    assert message.message_id == sent["MessageId"]
    assert waiting["messages"]["kept"][-1]["status"] == "PENDING"
    assert message.status == "DELIVERED"


def test_inspection_results_belong_to_their_state(emulator, monkeypatch):
    """A message of the next state, although it has the same id, is inspected separately."""
    emulator.reset(seed=7, s3_endpoint_url=f"http://127.0.0.1:{free_port()}", delivery_seconds=60)
    engine = engine_of(emulator)
    monkeypatch.setattr(engine, "tick", lambda: None)
    engine.servers, served = 1, engine.servers
    emulator.clock.freeze()
    found: list[str | None] = ["FILE_INACCESSIBLE", None]

    def send() -> str:
        emulator.add_number("+18885550100")
        members = {
            "DestinationPhoneNumber": "+14255550100",
            "OriginationIdentity": "+18885550100",
            "MediaUrls": ["s3://pictures/cat.png"],
        }
        message_id: str = engine.call("SendMediaMessage", members)["MessageId"]
        return message_id

    def inspect(_clients: object, _message: object) -> str | None:
        if len(found) == 2:
            emulator.reset()
            emulator.clock.freeze()
            sent.append(send())
        return found.pop(0)

    monkeypatch.setattr(media_files, "_find_problem", inspect)
    sent = [send()]

    engine.background.media_inspector.inspect()
    [message] = emulator.messages
    assert sent == [message.id] * 2
    assert message.pending_events == ()

    engine.background.media_inspector.inspect()
    [message] = emulator.messages
    assert message.pending_events == ("MEDIA_SUCCESSFUL", "MEDIA_DELIVERED")
    engine.servers = served

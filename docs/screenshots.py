"""The pictures of the page in the documentation: `python docs/screenshots.py` takes them anew.

They are of the page as it is now, so take them when the page changes. This needs the development
environment, which `make check` makes, and Chromium.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws
from playwright.sync_api import Browser, expect

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.browser import chromium

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1440, "height": 820}

NUMBER = "+12065550100"
PERSON = "+14255550123"
OPTED_OUT = "+14255550199"
TOPIC = "arn:aws:sns:us-east-1:123456789012:sms-events"
LABEL_SIZE = {"width": 468, "height": 195}
LABEL = """
<body style="margin: 0; box-sizing: border-box; height: 100vh; border: 4px solid #111; font: bold
    24px/1.25 sans-serif"><div style="background: #0f766e; color: #fff; padding: 10px 24px">
    NORTHWIND PARCELS</div><div style="padding: 16px 24px">Ana Lee<br>12 Harbor Street<br>
    Seattle, WA 98101</div></body>
"""
CARD = {
    "Title": "Order 48213",
    "Description": "Arrives on Tuesday.",
    "Suggestions": [
        {"Reply": {"Text": "Leave it at the door", "PostbackData": "door:48213"}},
        {"Reply": {"Text": "Another day", "PostbackData": "later:48213"}},
    ],
}


def main(folder: Path = IMAGES) -> None:
    """Fill an emulator with what a shop sends in a morning, and take the pictures."""
    with chromium() as browser, mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="labels")
        s3.put_object(
            Bucket="labels", Key="48213.png", Body=_draw_label(browser), ContentType="image/png"
        )
        emulator = Emulator(seed=7, s3_endpoint_url="aws")
        with Server(emulator) as server:
            _fill(emulator, server.url)
            _take(browser, server.url, folder)
        engine_of(emulator).background.media_inspector.stop()


def _draw_label(browser: Browser) -> bytes:
    page = browser.new_page(viewport=LABEL_SIZE)
    page.set_content(LABEL)
    picture = page.screenshot()
    page.close()
    return picture


def _fill(emulator: Emulator, url: str) -> None:
    client = boto3.client(
        "pinpoint-sms-voice-v2",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106
    )
    emulator.clock.set("2036-11-24T08:00:00Z")
    emulator.clock.freeze()
    emulator.add_number(NUMBER, number_type="TOLL_FREE")
    client.create_configuration_set(ConfigurationSetName="orders")
    client.create_event_destination(
        ConfigurationSetName="orders",
        EventDestinationName="analytics",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )

    _talk_to_others(emulator, client)
    _talk_to_ana(emulator, client)

    emulator.fail("SendTextMessage", "ThrottlingException", times=2)
    emulator.fail("*", delay_seconds=1.5, probability=0.1)


def _talk_to_others(emulator: Emulator, client: Any) -> None:
    _send_text(client, "+14255550177", "Your parcel was delivered. Was everything right?")
    emulator.clock.advance(minutes=5)
    emulator.receive("Thank you!", sender="+14255550177", recipient=NUMBER)
    emulator.clock.advance(minutes=3)
    emulator.receive("STOP", sender=OPTED_OUT, recipient=NUMBER)
    try:
        _send_text(client, OPTED_OUT, "Your parcel arrives on Tuesday.")
    except client.exceptions.ConflictException:
        emulator.clock.advance(minutes=2)

    agent = client.create_rcs_agent()["RcsAgentId"]
    client.describe_rcs_agents()
    client.send_rcs_message(
        DestinationPhoneNumber="+14255550166",
        OriginationIdentity=agent,
        RcsMessageContent={
            "Content": {"RichCard": {"CardOrientation": "VERTICAL", "CardContent": CARD}}
        },
    )
    client.send_voice_message(
        DestinationPhoneNumber="+14255550144",
        OriginationIdentity=NUMBER,
        MessageBody="Your code is 4829. Goodbye.",
    )
    emulator.clock.advance(minutes=2)
    _send_text(client, "+972541234567", "שלום! הקוד שלך הוא 553201")
    emulator.clock.advance(minutes=3)


def _talk_to_ana(emulator: Emulator, client: Any) -> None:
    _send_text(
        client, PERSON, "Your parcel has left Seattle. Track it: https://example.com/track/48213"
    )
    emulator.clock.advance(minutes=3)
    emulator.receive("Can you deliver it on Tuesday?", sender=PERSON, recipient=NUMBER)
    emulator.clock.advance(minutes=2)
    _send_text(client, PERSON, "Yes, on Tuesday between 9:00 and 11:00. Your label:")
    emulator.clock.advance(minutes=1)
    client.send_media_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=NUMBER,
        MediaUrls=["s3://labels/48213.png"],
    )
    emulator.clock.advance(minutes=2)
    _send_text(client, PERSON, "Your code is 482913. It expires in 10 minutes.")


def _send_text(client: Any, recipient: str, body: str) -> None:
    client.send_text_message(
        DestinationPhoneNumber=recipient,
        OriginationIdentity=NUMBER,
        MessageBody=body,
        ConfigurationSetName="orders",
        Context={"order": "48213"},
    )


def _take(browser: Browser, url: str, folder: Path) -> None:
    page = browser.new_page(viewport=SIZE, locale="en-US", timezone_id="UTC")
    page.goto(url)
    expect(page.locator("body")).to_have_attribute("data-live", "live")

    page.get_by_label("Conversations").get_by_role("link", name=PERSON).click()
    expect(page.locator("#thread").get_by_role("img")).to_be_visible()
    page.locator("#thread .facts").last.click()
    expect(page.get_by_role("heading", name="Event records")).to_be_visible()
    page.screenshot(path=folder / "inbox.png")

    page.goto(f"{url}/#/calls")
    page.get_by_role("link", name="DESTINATION_PHONE_NUMBER_OPTED_OUT").click()
    expect(page.get_by_role("heading", name="Why")).to_be_visible()
    page.screenshot(path=folder / "inbox-calls.png")

    page.goto(f"{url}/#/controls/faults")
    expect(page.get_by_role("heading", name="Active faults")).to_be_visible()
    page.screenshot(path=folder / "inbox-controls.png")


if __name__ == "__main__":
    main()

"""`send`: sends a text message with AWS's API, as applications do."""

from __future__ import annotations

import argparse
import os
from typing import Any
from urllib.parse import unquote

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    WHERE,
    Commands,
    add_account,
    add_client_command,
    add_json,
    connect,
)
from pinpoint_sms_emu.wording import one_line

_SERVICE = "pinpoint-sms-voice-v2"
_DEFAULT_REGION = "us-east-1"


def add_send(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "send",
        "send a text message with SendTextMessage, and print its id",
        _send,
        examples="""send --recipient +14255550100 "Your code is 482913"
send --recipient +14255550100 --sender +12065550100 Hello""",
        note="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are used if they are set; they are\n"
        "needed only if the server verifies signatures.",
    )
    command.add_argument(
        "--recipient", required=True, metavar="NUMBER", help="such as +14255550100"
    )
    command.add_argument(
        "--sender",
        metavar="IDENTITY",
        help="a number, sender ID or pool, or an id (default: the service chooses)",
    )
    command.add_argument(
        "--message-type",
        metavar="TYPE",
        help="TRANSACTIONAL or PROMOTIONAL (default: that of the sender)",
    )
    command.add_argument("--configuration-set", metavar="NAME", help="the configuration set")
    add_account(command, WHERE)
    add_json(command)
    command.add_argument("body", metavar="BODY", help="the text")


def _send(arguments: argparse.Namespace) -> int:
    given = {
        "DestinationPhoneNumber": arguments.recipient,
        "OriginationIdentity": arguments.sender,
        "MessageBody": arguments.body,
        "MessageType": arguments.message_type,
        "ConfigurationSetName": arguments.configuration_set,
    }
    answer = _call("send_text_message", arguments, given)
    if arguments.json:
        output.print_json(answer)
    else:
        print(answer["MessageId"])
    return DONE


def _call(operation: str, arguments: argparse.Namespace, members: dict[str, Any]) -> dict[str, Any]:
    """Call an operation of the API; raise an OSError with the reason if it is refused."""
    # Imported here, because botocore takes long to load.
    import botocore.session
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from pinpoint_sms_emu.control.client import START_IT

    url = connect(arguments).url
    client = botocore.session.Session().create_client(
        _SERVICE,
        endpoint_url=url,
        region_name=arguments.region or os.environ.get("AWS_REGION") or _DEFAULT_REGION,
        # A key of 12 digits is the account id.
        aws_access_key_id=arguments.account_id or os.environ.get("AWS_ACCESS_KEY_ID", "any"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "any"),
        config=Config(proxies={}, retries={"total_max_attempts": 1}, parameter_validation=False),
    )
    given = {name: value for name, value in members.items() if value is not None}
    try:
        answer: dict[str, Any] = getattr(client, operation)(**given)
    except ClientError as error:
        metadata = error.response.get("ResponseMetadata", {})
        why = unquote(metadata.get("HTTPHeaders", {}).get("x-emulator-why", ""))
        details = error.response["Error"]
        # The explanation may begin with the message.
        message = details["Message"]
        sentence = why if why.startswith(message) else f"{message}: {why}" if why else message
        raise OSError(one_line(f"{details['Code']}: {sentence}")) from error
    except BotoCoreError as error:
        raise OSError(f"nothing answers at {url}: {error}{START_IT}") from error
    del answer["ResponseMetadata"]
    return answer

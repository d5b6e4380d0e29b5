"""The scenario of tests/clients/test_clients.py for aiobotocore."""

import asyncio
import json
import sys

from aiobotocore.session import get_session

url, body = sys.argv[1:]


async def main() -> None:
    """Run the scenario."""
    client = get_session().create_client(
        "pinpoint-sms-voice-v2",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="123456789012",
        aws_secret_access_key="any",
    )
    async with client as sms:
        number = await sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        pool = await sms.create_pool(
            OriginationIdentity=number["PhoneNumberId"],
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
        )
        keyword = await sms.put_keyword(
            OriginationIdentity=pool["PoolId"],
            Keyword="join",
            KeywordMessage="Welcome",
            KeywordAction="AUTOMATIC_RESPONSE",
        )
        sent = await sms.send_text_message(
            DestinationPhoneNumber="+14255550101",
            OriginationIdentity=pool["PoolId"],
            MessageBody=body,
            Context={"order": "7"},
        )

        for name in ("one", "two", "three"):
            await sms.create_opt_out_list(OptOutListName=name)
        lists, years = [], []
        pages = sms.get_paginator("describe_opt_out_lists").paginate(
            PaginationConfig={"PageSize": 2}
        )
        async for page in pages:
            lists += [each["OptOutListName"] for each in page["OptOutLists"]]
            years += [each["CreatedTimestamp"].year for each in page["OptOutLists"]]

        try:
            await sms.create_opt_out_list(OptOutListName="one")
        except sms.exceptions.ConflictException as error:
            refusal = {
                "code": error.response["Error"]["Code"],
                "message": error.response["Error"]["Message"],
                "reason": error.response["Reason"],
                "resource_type": error.response["ResourceType"],
                "resource_id": error.response["ResourceId"],
            }

    json.dump(
        {
            "phone_number_id": number["PhoneNumberId"],
            "pool_id": pool["PoolId"],
            "keyword": keyword["Keyword"],
            "message_id": sent["MessageId"],
            "lists": lists,
            "years": years,
            "refusal": refusal,
        },
        sys.stdout,
    )


asyncio.run(main())

"""The scenario of tests/clients/test_clients.py for capo, which does not use botocore."""

import json
import sys

import capo_pinpoint_sms_voice_v2 as capo
from capo_pinpoint_sms_voice_v2.errors.conflict_exception import ConflictException

url, body = sys.argv[1:]
sms = capo.PinpointSMSVoiceV2Client(
    region="us-east-1",
    endpoint=url,
    credentials=capo.Credentials(access_key="123456789012", secret_key="any"),
)

number = sms.request_phone_number("US", "TRANSACTIONAL", ["SMS"], "LONG_CODE")
pool = sms.create_pool(number["phone_number_id"], "TRANSACTIONAL", iso_country_code="US")
keyword = sms.put_keyword(pool["pool_id"], "join", "Welcome", keyword_action="AUTOMATIC_RESPONSE")
sent = sms.send_text_message(
    "+14255550101",
    origination_identity=pool["pool_id"],
    message_body=body,
    context={"order": "7"},
)

for name in ("one", "two", "three"):
    sms.create_opt_out_list(name)
lists, years, token = [], [], None
while True:
    page = sms.describe_opt_out_lists(max_results=2, next_token=token)
    lists += [each["opt_out_list_name"] for each in page["opt_out_lists"]]
    years += [each["created_timestamp"].year for each in page["opt_out_lists"]]
    token = page.get("next_token")
    if token is None:
        break

try:
    sms.create_opt_out_list("one")
except ConflictException as error:
    refusal = {"code": error.code, **error.data}

json.dump(
    {
        "phone_number_id": number["phone_number_id"],
        "pool_id": pool["pool_id"],
        "keyword": keyword["keyword"],
        "message_id": sent["message_id"],
        "lists": lists,
        "years": years,
        "refusal": refusal,
    },
    sys.stdout,
)

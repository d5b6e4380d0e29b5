// The scenario of tests/clients/test_clients.py, in the words of the AWS SDK for JavaScript v3.
import { createRequire } from "node:module";

const [endpoint, body, modules] = process.argv.slice(2);
const sms = createRequire(`${modules}/`)("@aws-sdk/client-pinpoint-sms-voice-v2");

const client = new sms.PinpointSMSVoiceV2Client({
  region: "us-east-1",
  endpoint,
  credentials: { accessKeyId: "123456789012", secretAccessKey: "any" },
});

const number = await client.send(
  new sms.RequestPhoneNumberCommand({
    IsoCountryCode: "US",
    MessageType: "TRANSACTIONAL",
    NumberCapabilities: ["SMS"],
    NumberType: "LONG_CODE",
  }),
);
const pool = await client.send(
  new sms.CreatePoolCommand({
    OriginationIdentity: number.PhoneNumberId,
    IsoCountryCode: "US",
    MessageType: "TRANSACTIONAL",
  }),
);
const keyword = await client.send(
  new sms.PutKeywordCommand({
    OriginationIdentity: pool.PoolId,
    Keyword: "join",
    KeywordMessage: "Welcome",
    KeywordAction: "AUTOMATIC_RESPONSE",
  }),
);
const sent = await client.send(
  new sms.SendTextMessageCommand({
    DestinationPhoneNumber: "+14255550101",
    OriginationIdentity: pool.PoolId,
    MessageBody: body,
    Context: { order: "7" },
  }),
);

for (const OptOutListName of ["one", "two", "three"]) {
  await client.send(new sms.CreateOptOutListCommand({ OptOutListName }));
}
const lists = [];
const years = [];
for await (const page of sms.paginateDescribeOptOutLists({ client, pageSize: 2 }, {})) {
  lists.push(...page.OptOutLists.map((list) => list.OptOutListName));
  years.push(...page.OptOutLists.map((list) => list.CreatedTimestamp.getUTCFullYear()));
}

let refusal;
try {
  await client.send(new sms.CreateOptOutListCommand({ OptOutListName: "one" }));
} catch (error) {
  if (!(error instanceof sms.ConflictException)) throw error;
  refusal = {
    code: error.name,
    message: error.message,
    reason: error.Reason,
    resource_type: error.ResourceType,
    resource_id: error.ResourceId,
  };
}

console.log(
  JSON.stringify({
    phone_number_id: number.PhoneNumberId,
    pool_id: pool.PoolId,
    keyword: keyword.Keyword,
    message_id: sent.MessageId,
    lists,
    years,
    refusal,
  }),
);

// Calls for many accounts, in the words of the AWS SDK for JavaScript v3; prints what each has.
import { createRequire } from "node:module";

const [endpoint, modules, ...accounts] = process.argv.slice(2);
const sms = createRequire(`${modules}/`)("@aws-sdk/client-pinpoint-sms-voice-v2");

const found = {};
for (const accessKeyId of accounts) {
  const client = new sms.PinpointSMSVoiceV2Client({
    region: "us-east-1",
    endpoint,
    credentials: { accessKeyId, secretAccessKey: "any" },
  });
  await client.send(new sms.CreateOptOutListCommand({ OptOutListName: `of-${accessKeyId}` }));
  const { MessageId } = await client.send(
    new sms.SendTextMessageCommand({ DestinationPhoneNumber: "+447700900100", MessageBody: "Hi" }),
  );
  const lists = [];
  for await (const page of sms.paginateDescribeOptOutLists({ client, pageSize: 1 }, {})) {
    lists.push(...page.OptOutLists.map((list) => list.OptOutListName));
  }
  found[accessKeyId] = { messageId: MessageId, lists };
}
console.log(JSON.stringify(found));

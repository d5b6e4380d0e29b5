// What the page about Testcontainers shows: run by test_testcontainers.py, beside copies of what it imports.
import assert from "node:assert";

// [start:javascript]
import * as aws from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { startSms } from "./sms-container.mjs";

const sms = await startSms({ image: process.env.IMAGE });
try {
  const client = new aws.PinpointSMSVoiceV2Client({
    region: "us-east-1",
    endpoint: sms.url,
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
  });
  await fetch(`${sms.url}/_emulator/numbers`, {
    method: "POST",
    body: JSON.stringify({ phone_number: "+12065550100" }),
  });
  await client.send(
    new aws.SendTextMessageCommand({
      DestinationPhoneNumber: "+14255550123",
      OriginationIdentity: "+12065550100",
      MessageBody: "Hello from a container",
    }),
  );
  const answer = await fetch(`${sms.url}/_emulator/messages`);
  const { messages } = await answer.json();
  assert.equal(messages[0].body, "Hello from a container");
} finally {
  await sms.stop();
}
// [end:javascript]

const { PinpointSMSVoiceV2 } = require("@aws-sdk/client-pinpoint-sms-voice-v2");

const EMULATOR = process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2;
const client = new PinpointSMSVoiceV2({ region: "us-east-1" });

beforeEach(async () => {
  await fetch(`${EMULATOR}/_emulator/reset`, { method: "POST" });
  await fetch(`${EMULATOR}/_emulator/numbers`, {
    method: "POST",
    body: JSON.stringify({ phone_number: "+12065550100" }),
  });
});

test("a failed delivery is reported", async () => {
  await fetch(`${EMULATOR}/_emulator/outcomes`, {
    method: "POST",
    body: JSON.stringify({ recipient: "+14255550123", event: "TEXT_CARRIER_UNREACHABLE" }),
  });

  const { MessageId } = await client.sendTextMessage({
    DestinationPhoneNumber: "+14255550123",
    OriginationIdentity: "+12065550100",
    MessageBody: "Hello",
  });

  const response = await fetch(`${EMULATOR}/_emulator/messages/${MessageId}`);
  expect((await response.json()).status).toBe("CARRIER_UNREACHABLE");
});

// The code under test. AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2 points the client at the emulator.
import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";

const client = new PinpointSMSVoiceV2Client({ region: "us-east-1" });

export async function sendCode(phoneNumber, code) {
  await client.send(
    new SendTextMessageCommand({
      DestinationPhoneNumber: phoneNumber,
      OriginationIdentity: "+12065550100",
      MessageBody: `Your code is ${code}`,
    }),
  );
}

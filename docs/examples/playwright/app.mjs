// A page on which people sign in with a code: the application under test.
import { createServer } from "node:http";
import { randomInt } from "node:crypto";
import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from "@aws-sdk/client-pinpoint-sms-voice-v2";

const client = new PinpointSMSVoiceV2Client({ region: "us-east-1" });
const codes = new Map();

const phonePage = `<form method="post" action="/code">
  <label>Phone number <input name="phone"></label> <button>Send code</button>
</form>`;
const codePage = (phone) => `<form method="post" action="/welcome">
  <input type="hidden" name="phone" value="${phone}">
  <label>Code <input name="code"></label> <button>Sign in</button>
</form>`;

async function sendCode(phone) {
  codes.set(phone, String(randomInt(100_000, 1_000_000)));
  await client.send(
    new SendTextMessageCommand({
      DestinationPhoneNumber: phone,
      OriginationIdentity: "+12065550100",
      MessageBody: `${codes.get(phone)} is your ACME code.`,
    }),
  );
}

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  const phone = form.get("phone");
  response.setHeader("Content-Type", "text/html");
  if (request.url === "/code") {
    await sendCode(phone);
    response.end(codePage(phone));
  } else if (request.url === "/welcome") {
    response.end(form.get("code") === codes.get(phone) ? "<h1>Welcome</h1>" : "<h1>Wrong</h1>");
  } else {
    response.end(phonePage);
  }
}).listen(Number(process.env.PORT), "127.0.0.1");

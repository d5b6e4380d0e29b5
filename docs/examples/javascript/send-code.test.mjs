import { beforeEach, expect, test } from "vitest";
import { sendCode } from "./send-code.mjs";

const EMULATOR = process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2;

async function emulator(path, body) {
  const response = await fetch(`${EMULATOR}/_emulator/${path}`, {
    method: "POST",
    body: JSON.stringify(body ?? {}),
  });
  expect(response.status).toBeLessThan(300);
}

beforeEach(async () => {
  await emulator("reset");
  await emulator("numbers", { phone_number: "+12065550100", number_type: "TOLL_FREE" });
});

test("the code arrives", async () => {
  await sendCode("+14255550123", "482913");

  const response = await fetch(
    `${EMULATOR}/_emulator/messages/latest?recipient=%2B14255550123&wait_seconds=5`,
  );
  const message = await response.json();
  expect(message.codes).toEqual(["482913"]);
  expect(message.status).toBe("DELIVERED");
});

test("a recipient who opted out gets no text", async () => {
  await emulator("inbound", { sender: "+14255550123", recipient: "+12065550100", body: "STOP" });

  await expect(sendCode("+14255550123", "482913")).rejects.toMatchObject({
    name: "ConflictException",
    Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
  });
});

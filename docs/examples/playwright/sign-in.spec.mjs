import { expect, test } from "@playwright/test";

const EMULATOR = process.env.AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2;

test.beforeEach(async ({ request }) => {
  await request.post(`${EMULATOR}/_emulator/reset`);
  await request.post(`${EMULATOR}/_emulator/numbers`, { data: { phone_number: "+12065550100" } });
});

test("signs in with a code", async ({ page, request }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Phone number").fill("+14255550123");
  await page.getByRole("button", { name: "Send code" }).click();

  const latest = await request.get(`${EMULATOR}/_emulator/messages/latest`, {
    params: { recipient: "+14255550123", has_code: "true", wait_seconds: "5" },
  });
  const { codes } = await latest.json();

  await page.getByLabel("Code").fill(codes[0]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Welcome")).toBeVisible();
});

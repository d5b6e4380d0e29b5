/* What is shown while there are no messages. */

import { ask } from "./api.js";
import { $, copy, toast } from "./dom.js";

/** The first steps, shown while there are no messages. */
export function firstSteps() {
  const { port, hostname, protocol } = location;
  const url = `${protocol}//${hostname}${port ? `:${port}` : ""}`;
  $("#first-code").textContent = [
    "import boto3",
    'sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1",',
    `                   endpoint_url="${url}",`,
    '                   aws_access_key_id="test", aws_secret_access_key="test")',
    'sms.send_text_message(DestinationPhoneNumber="+14255550100",',
    '                      MessageBody="Your code is 482913")',
  ].join("\n");
  $("#first-copy").addEventListener("click", () => copy($("#first-code").textContent, "the example"));
  $("#first-number").addEventListener("click", async () => {
    try {
      const phone_number = "+12065550100";
      await ask("POST", "numbers", { phone_number, number_type: "LONG_CODE" });
      toast(`${phone_number} added to account 123456789012`);
      document.dispatchEvent(new Event("accounts"));
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  });
}

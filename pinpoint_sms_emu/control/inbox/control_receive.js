/* Receive as a recipient: what a person sends to a number or an RCS agent. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { announcement } from "./thread.js";
import { Form, refill } from "./forms.js";

// What a person can send, and the members that say so.
const KINDS = {
  text: ["A text", ({ body }) => ({ body })],
  suggestion: [
    "A tapped suggestion",
    ({ body, postback_data }) => ({ suggestion: { text: body, postback_data: postback_data ?? "" } }),
  ],
  location: ["A location", ({ latitude, longitude }) => ({ location: { latitude, longitude } })],
  media: ["A file", ({ file_name }) => ({ media: { file_name } })],
  typing: ["A typing indicator", () => ({ typing: true })],
  conversation_started: ["The start of a conversation", () => ({ conversation_started: true })],
};

export function receiving(page) {
  let places = [];
  const form = new Form({
    label: "Receive a message",
    action: "Send to your app",
    fields: [
      { name: "sender", label: "From", type: "tel", value: "+14255550123", required: true },
      { name: "recipient", label: "To", options: [], required: true },
      { name: "kind", label: "What", options: Object.entries(KINDS).map(([id, [name]]) => [id, name]) },
      { name: "body", label: "Message", rows: 2, hint: "STOP, HELP and your own keywords do what AWS documents." },
      { name: "postback_data", label: "Postback data" },
      { name: "latitude", label: "Latitude", type: "number", step: "any", value: "47.6" },
      { name: "longitude", label: "Longitude", type: "number", step: "any", value: "-122.3" },
      { name: "file_name", label: "File name", value: "picture.png" },
    ],
    changed: () => adjust(form),
    run: async ({ sender, kind, recipient, ...values }) => {
      const to = places.find(({ arn }) => arn === recipient);
      if (!to) throw new Error("Add a phone number first, under Numbers.");
      const received = await ask("POST", "inbound", {
        sender: sender.trim(),
        recipient: to.id,
        account_id: to.account_id,
        region: to.region,
        ...KINDS[kind][1](values),
      });
      const id = encodeURIComponent(received.message_id);
      const said = announcement(received);
      form.say(`${said ? `${said}. ` : "Sent. "}`, h("a", { href: `#/message/${id}` }, "Open the message"));
    },
  });
  adjust(form);
  return {
    title: "Receive as a recipient",
    text: "Sends something from a person's phone to one of your numbers or RCS agents. Only agents can receive more than texts.",
    elements: [form.element],
    refresh: async () => {
      const { account: account_id, region } = page.filters;
      const { accounts } = await ask("GET", "resources", { account_id, region });
      places = accounts.flatMap(({ resources, ...place }) =>
        [...resources["phone-number"], ...(resources["rcs-agent"] ?? [])].map((it) => ({ ...place, ...it })),
      );
      refill(
        form.input("recipient"),
        places.map((it) => [it.arn, it.phone_number ?? `RCS agent ${it.id}`]),
      );
    },
  };
}

function adjust(form) {
  const kind = form.input("kind").value;
  form.show("body", kind === "text" || kind === "suggestion");
  form.show("postback_data", kind === "suggestion");
  form.show("latitude", kind === "location");
  form.show("longitude", kind === "location");
  form.show("file_name", kind === "media");
}

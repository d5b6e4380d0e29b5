/* Send as the app: a call of the API, as an AWS SDK makes it. */

import { ask, call } from "./api.js";
import { h } from "./dom.js";
import { many } from "./format.js";
import { Form, refill } from "./forms.js";
import { placeOf } from "./places.js";

const CHOICE = ["", "The service chooses"];

// The operation of each channel, its members, and the kinds of resources that it is sent from.
const OPERATIONS = {
  text: [
    "SendTextMessage",
    ({ body }) => ({ MessageBody: body }),
    ["phone-number", "pool", "sender-id"],
  ],
  media: [
    "SendMediaMessage",
    ({ body, file }) => ({ MessageBody: body, MediaUrls: [file] }),
    ["phone-number", "pool"],
  ],
  voice: [
    "SendVoiceMessage",
    ({ body, kind }) => ({ MessageBody: body, MessageBodyTextType: kind }),
    ["phone-number", "pool"],
  ],
  rcs: [
    "SendRcsMessage",
    ({ body }) => ({ RcsMessageContent: { Content: { TextMessage: { Body: body } } } }),
    ["rcs-agent", "pool"],
  ],
};

const SENDERS = {
  "phone-number": (it) => [it.id, it.phone_number],
  pool: (it) => [it.id, `Pool ${it.id}`],
  "sender-id": (it) => [it.arn, `Sender ID ${it.id} (${it.iso_country_code})`],
  "rcs-agent": (it) => [it.id, `RCS agent ${it.id}`],
};

export function sending(page) {
  const form = new Form({
    label: "Send a message",
    action: "Send",
    fields: [
      {
        name: "channel",
        label: "Channel",
        options: [
          ["text", "SMS"],
          ["media", "MMS"],
          ["voice", "Voice"],
          ["rcs", "RCS"],
        ],
      },
      { name: "sender", label: "From", options: [CHOICE] },
      { name: "recipient", label: "To", type: "tel", value: "+14255550123", required: true },
      {
        name: "message_type",
        label: "Message type",
        options: [
          ["", "The sender's own"],
          ["TRANSACTIONAL", "Transactional"],
          ["PROMOTIONAL", "Promotional"],
        ],
      },
      { name: "configuration_set", label: "Configuration set", options: [["", "None"]] },
      { name: "body", label: "Message", rows: 3, placeholder: "Your code is 482913", hint: "\u00a0" },
      { name: "file", label: "File", value: "s3://media/picture.png", hint: "An address in S3" },
      {
        name: "kind",
        label: "Text is",
        options: [
          ["TEXT", "Plain text"],
          ["SSML", "SSML"],
        ],
      },
    ],
    changed: (values) => adjust(form, values),
    run: (values) => send(page, form, values),
  });
  adjust(form, form.values());
  return {
    title: "Send as your app",
    text: "Calls the API of the service, as your app does with an AWS SDK. The call appears in Calls, the message in Messages.",
    elements: [form.element],
    refresh: () => offer(page, form),
  };
}

/** Show the fields of the channel, and how long the text is. */
async function adjust(form, { channel, body = "" }) {
  form.show("file", channel === "media");
  form.show("kind", channel === "voice");
  form.show("message_type", channel === "text");
  offerSenders(form, channel);
  const hint = form.fields.get("body").line.querySelector(".hint");
  if (channel !== "text" || !body) {
    hint.textContent = "\u00a0";
    return;
  }
  const { encoding, parts, characters_left: left } = await ask("GET", "segments", { text: body });
  const isLatest = form.input("body").value === body;
  if (isLatest) hint.textContent = `${encoding}, ${many(parts, "part")}, ${many(left, "character")} left`;
}

/** Offer the identities and configuration sets of the account. */
async function offer(page, form) {
  const place = placeOf(page);
  const { accounts } = await ask("GET", "resources", place);
  form.has = (kind) => accounts.flatMap(({ resources }) => resources[kind] ?? []);
  offerSenders(form, form.input("channel").value);
  refill(form.input("configuration_set"), [
    ["", "None"],
    ...form.has("configuration-set").map(({ id }) => [id, id]),
  ]);
}

/** Offer what can send through a channel; only texts can leave the choice to the service. */
function offerSenders(form, channel) {
  const [, , kinds] = OPERATIONS[channel];
  const found = kinds.flatMap((kind) => (form.has?.(kind) ?? []).map(SENDERS[kind]));
  const nothing = channel === "rcs" ? ["", "There is no RCS agent"] : ["", "There is no number"];
  const first = found.length ? [] : [nothing];
  refill(form.input("sender"), [...(channel === "text" ? [CHOICE] : first), ...found]);
}

async function send(page, form, values) {
  const [operation, members] = OPERATIONS[values.channel];
  const parameters = {
    DestinationPhoneNumber: values.recipient.trim(),
    OriginationIdentity: values.sender,
    MessageType: values.message_type,
    ConfigurationSetName: values.configuration_set,
    ...members(values),
  };
  const { answer, error, why, requestId } = await call(operation, parameters, placeOf(page));
  if (error) {
    form.refuse(
      why || error,
      " ",
      h("a", { href: `#/calls/${encodeURIComponent(requestId)}` }, "Show the refused call"),
    );
    return;
  }
  form.empty("body");
  adjust(form, form.values());
  form.say(
    "Sent. ",
    h("a", { href: `#/message/${encodeURIComponent(answer.MessageId)}` }, "Open the message"),
  );
}

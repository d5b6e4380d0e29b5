/* The details of a message: its members, and its event records with their deliveries. */

import { ask } from "./api.js";
import { $, aside, copy, h, icon, toast } from "./dom.js";
import { channel, dollars, exact, many, mood, span, words } from "./format.js";

const AGAIN_SECONDS = 2;

const SINKS = {
  sns: "SNS",
  firehose: "Firehose",
  cloudwatch_logs: "CloudWatch Logs",
  sms_delivery_status_logs: "Delivery status log of SNS",
  connect: "Amazon Connect",
};

const FACTS = [
  ["From", (message) => message.sender],
  ["To", (message) => message.recipient],
  ["Account", (message) => message.account_id],
  ["Region", (message) => message.region],
  ["Channel", (message) => channel(message.channel)],
  ["API", (message) => message.api],
  ["Type", (message) => message.message_type && words(message.message_type)],
  ["Created", (message) => exact(message.at)],
  ["Parts", (message) => [message.parts, message.encoding].filter(Boolean).join(" · ")],
  ["Price", (message) => dollars(message.price)],
  ["Feedback", (message) => message.feedback && words(message.feedback)],
  ["Origination identity", ({ origination_identity: id, channel: name, sender }) => resource(kindOf(name, sender), id)],
  ["Pool", (message) => resource("pool", message.pool_id)],
  ["Configuration set", (message) => resource("configuration-set", message.configuration_set)],
  ["Protect configuration", (message) => resource("protect-configuration", message.protect_configuration_id)],
  ["Context", (message) => pairs(message.context)],
  ["Country parameters", (message) => pairs(message.destination_country_parameters)],
  ["Template", (message) => message.template_id],
  ["Variables", (message) => pairs(message.template_variables)],
  ["Voice", (message) => message.voice_id && words(message.voice_id)],
  ["SSML", (message) => message.message_body_text_type === "SSML" && message.body],
  ["Sent instead", ({ fallen_back_to: other }) => other && messageLink(other.message_id)],
  ["Postback data", ({ interaction }) => interaction?.suggestion?.postback_data],
  ["File type", ({ interaction }) => interaction?.media?.mime_type],
  ["File size", ({ interaction }) => interaction?.media && many(interaction.media.file_size_bytes, "byte")],
  ["Upload", ({ interaction }) => interaction?.media && words(interaction.media.status)],
  ["Files", (message) => (message.media_urls ?? []).join(", ")],
  ["Time to live", (message) => message.time_to_live && span(message.time_to_live)],
  ["In reply to", (message) => messageLink(message.in_reply_to)],
  ["Fallback of", (message) => messageLink(message.fallback_of)],
];

const link = (address, text) => h("a", { class: "text-link", href: address }, text);

const resource = (kind, id) => id && link(`#/resources/${kind}/${encodeURIComponent(id)}`, id);

const messageLink = (id) => id && link(`#/message/${encodeURIComponent(id)}`, id);

/** What kind of resource a message was sent from. */
function kindOf(name, sender) {
  if (name === "rcs") return "rcs-agent";
  return /^\+?\d+$/.test(sender) ? "phone-number" : "sender-id";
}

export class Details {
  constructor(page) {
    this.page = page;
    this.place = $("#details");
    $("#details-close").addEventListener("click", () => page.select(null));
    $("#details-link").addEventListener("click", () => {
      const [base] = location.href.split("#");
      copy(`${base}#/message/${encodeURIComponent(page.selected)}`, "the link");
    });
    $("#details-delete").addEventListener("click", () => this.#delete(page.selected));
  }

  /** Show the details of a message, or none for null; its event records are requested. */
  async show(message) {
    const sought = message && `${message.message_id} ${message.version}`;
    if (this.sought === sought) return;
    const isOther = this.sought?.split(" ")[0] !== message?.message_id;
    this.sought = sought;
    this.place.hidden = !message;
    if (!message) return;
    this.#facts(message);
    if (isOther) {
      $("#records").replaceChildren();
      $("#details-heading").focus({ preventScroll: true });
      this.place.scrollTop = 0;
    }
    await this.#ask(message.message_id, sought);
  }

  async #delete(id) {
    try {
      await ask("DELETE", `messages/${encodeURIComponent(id)}`);
      toast("Message deleted");
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  }

  async #ask(message_id, sought) {
    try {
      const { events, inbound } = await ask("GET", "events", { message_id });
      if (this.sought !== sought) return;
      const records = [...events, ...inbound];
      this.#records(records);
      const all = records.flatMap((each) => [...each.destinations, each.event_bridge ?? {}]);
      // No stream reports the delivery of a record.
      if (all.some(({ status }) => status === "pending")) {
        setTimeout(() => this.sought === sought && this.#ask(message_id, sought), AGAIN_SECONDS * 1000);
      }
    } catch (refusal) {
      if (this.sought === sought) $("#records").replaceChildren(h("p", {}, refusal.message));
    }
  }

  #facts(message) {
    const { message_id: id, status } = message;
    $("#details-status").replaceChildren(
      h("span", { class: `status ${mood(status)}` }, words(status)),
    );
    $("#details-id").replaceChildren(
      h(
        "button",
        { class: "copy-id", type: "button", onclick: () => copy(id, "the message ID") },
        aside("Copy the message ID "),
        h("span", {}, id),
        icon("copy"),
      ),
    );
    const isSentByCall =
      message.direction === "outbound" && !message.in_reply_to && !message.fallback_of;
    $("#details-call").hidden = !isSentByCall;
    $("#details-call").href = `#/calls/message/${encodeURIComponent(id)}`;
    $("#facts").replaceChildren(
      ...FACTS.flatMap(([name, read]) => {
        const value = read(message);
        return value ? [h("dt", {}, name), h("dd", {}, value)] : [];
      }),
    );
  }

  #records(events) {
    const open = new Set([...$("#records").querySelectorAll("details[open]")].map(indexOf));
    const entries = events.map((event, index) => drawEvent(event, open.has(index)));
    const nothing = h("p", { class: "quiet" }, "None yet.");
    $("#records").replaceChildren(entries.length ? h("ol", {}, ...entries) : nothing);
  }
}

const indexOf = (details) => [...details.closest("ol").children].indexOf(details.closest("li"));

function drawEvent({ record, destinations, event_bridge: bridge }, isOpen) {
  const at = record.eventTimestamp && new Date(record.eventTimestamp);
  const type = record.eventType ?? "Two-way message";
  return h(
    "li",
    {},
    h(
      "p",
      { class: "line" },
      h("strong", { class: record.messageStatus ? `status ${mood(record.messageStatus)}` : "" }, type),
      at ? h("time", { class: "quiet", datetime: at.toISOString() }, exact(at)) : null,
    ),
    record.messageStatusDescription ? h("p", { class: "quiet" }, record.messageStatusDescription) : null,
    h(
      "ul",
      { class: "destinations" },
      ...[...destinations, ...(bridge ? [{ ...bridge, name: "EventBridge" }] : [])].map(drawDestination),
    ),
    h(
      "details",
      { open: isOpen },
      h("summary", {}, "Record"),
      h("pre", { tabindex: "0" }, JSON.stringify(record, null, 2)),
    ),
  );
}

function drawDestination({ name, kind, status, attempts, error }) {
  const how = { delivered: "good", failed: "bad", pending: "waiting" }[status] ?? "neutral";
  return h(
    "li",
    {},
    h("span", {}, kind === "eventbridge" ? name : `${name} (${SINKS[kind] ?? kind})`),
    h("span", { class: `status ${how}` }, attempts > 1 ? `${status}, attempt ${attempts}` : status),
    error ? h("p", { class: "error" }, error) : null,
  );
}

const pairs = (context) => Object.entries(context ?? {}).map((pair) => pair.join(": ")).join(", ");

/* What becomes of messages: the outcomes that can be chosen, and those that were. */

import { ask } from "./api.js";
import { h, icon } from "./dom.js";
import { channel, words } from "./format.js";

// The outcomes of a message, by channel, the common ones first.
export const EVENTS = {
  text: [
    "DELIVERED",
    "CARRIER_BLOCKED",
    "UNREACHABLE",
    "INVALID",
    "BLOCKED",
    "SPAM",
    "CARRIER_UNREACHABLE",
    "INVALID_MESSAGE",
    "TTL_EXPIRED",
    "UNKNOWN",
    "SUCCESSFUL",
    "QUEUED",
    "PENDING",
    "PROTECT_BLOCKED",
  ],
  voice: ["COMPLETED", "BUSY", "NO_ANSWER", "FAILED", "TTL_EXPIRED"],
  media: [
    "DELIVERED",
    "CARRIER_BLOCKED",
    "UNREACHABLE",
    "INVALID",
    "BLOCKED",
    "SPAM",
    "UNKNOWN",
    "TTL_EXPIRED",
    "FILE_INACCESSIBLE",
    "FILE_TYPE_UNSUPPORTED",
    "FILE_SIZE_EXCEEDED",
  ],
  rcs: ["DELIVERED", "READ", "FAILED", "TTL_EXPIRED", "FALLEN_BACK_TO_SMS"],
};

/** The options of a select, in a group for each channel. */
export const outcomeOptions = () =>
  Object.entries(EVENTS).map(([name, events]) =>
    h(
      "optgroup",
      { label: channel(name) },
      ...events.map((event) =>
        h("option", { value: `${name.toUpperCase()}_${event}` }, words(event)),
      ),
    ),
  );

/** TEXT_CARRIER_BLOCKED becomes SMS: Carrier blocked. */
export function outcomeName(event) {
  const [first, ...rest] = event.split("_");
  return `${channel(first.toLowerCase())}: ${words(rest.join("_"))}`;
}

/** Whom an outcome is for, in words. */
export const outcomeRecipient = (recipient) => (recipient === "*" ? "Everyone" : recipient);

/** Show the outcomes that were chosen, each with a button that takes it back. */
export async function listOutcomes(place, none) {
  const { outcomes: known } = await ask("GET", "outcomes");
  const entry = ({ id, event, recipient, times, account_id, region }) =>
    h(
      "li",
      {},
      h("span", { class: "who" }, outcomeRecipient(recipient)),
      h("span", { title: event }, outcomeName(event)),
      h(
        "span",
        { class: "quiet" },
        [times ? `${times} more` : "always", account_id, region].filter(Boolean).join(" · "),
      ),
      h(
        "button",
        {
          type: "button",
          class: "plain",
          "aria-label": `Remove the outcome ${outcomeName(event)} for ${recipient}`,
          onclick: async () => {
            await ask("DELETE", `outcomes/${encodeURIComponent(id)}`).catch(() => {});
            await listOutcomes(place, none);
          },
        },
        icon("close"),
      ),
    );
  place.replaceChildren(...known.map(entry));
  none.hidden = known.length > 0;
}

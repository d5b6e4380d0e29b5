/* Outcomes: what becomes of messages to a number, a country, a pattern or everyone. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { outcomeName, outcomeOptions, outcomeRecipient } from "./outcomes.js";
import { actionButton, Form, List } from "./forms.js";
import { placeFields } from "./places.js";

export function outcomesControl() {
  const list = new List({
    label: "Chosen outcomes",
    path: "outcomes",
    name: "outcomes",
    none: "No outcomes: messages are delivered.",
    columns: [
      ["Recipient", ({ recipient }) => outcomeRecipient(recipient)],
      ["Outcome", ({ event }) => outcomeName(event)],
      ["Applies to", ({ times }) => (times ? `${times} more` : "all messages")],
      ["Account", ({ account_id: id }) => id ?? "All"],
      ["Region", ({ region }) => region ?? "All"],
    ],
    called: ({ event, recipient }) => `${outcomeName(event)} for ${outcomeRecipient(recipient)}`,
    remove: true,
  });
  const form = new Form({
    label: "Choose an outcome",
    action: "Add",
    fields: [
      {
        name: "recipient",
        label: "Recipient",
        value: "*",
        required: true,
        hint: "A number, a country such as CA, a pattern such as +1425*, or * for everyone",
      },
      { name: "event", label: "Outcome", options: [] },
      {
        name: "times",
        label: "How many messages",
        type: "number",
        min: 1,
        placeholder: "All",
        hint: "Empty: all messages from now on",
      },
      ...placeFields(true),
    ],
    run: async (values) => {
      await ask("POST", "outcomes", values);
      await list.refresh();
      return "Added.";
    },
  });
  form.input("event").append(...outcomeOptions());
  form.input("event").value = "TEXT_CARRIER_BLOCKED";
  const clear = actionButton("Clear all", async () => {
    await ask("DELETE", "outcomes");
    await list.refresh();
  });
  return {
    title: "Delivery outcomes",
    text: "Messages are delivered unless you choose another outcome. Use this to see how your app handles failures.",
    elements: [form.element, list.element, h("div", { class: "buttons" }, clear)],
    refresh: () => list.refresh(),
  };
}

/* Faults: API calls that fail, take long, or break off. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { span } from "./format.js";
import { actionButton, Form, List } from "./forms.js";
import { placeFields } from "./places.js";

const ERRORS = [
  "ThrottlingException",
  "InternalServerException",
  "AccessDeniedException",
  "ConflictException",
  "ResourceNotFoundException",
  "ServiceQuotaExceededException",
  "ValidationException",
];

export function faults() {
  const list = new List({
    label: "Active faults",
    path: "faults",
    name: "faults",
    none: "No faults: calls are answered as usual.",
    columns: [
      ["Operation", ({ operation }) => (operation === "*" ? "All operations" : operation)],
      ["What happens", effect],
      ["Applies to", ({ times }) => (times ? `${times} more` : "all calls")],
      ["Probability", ({ probability }) => `${Math.round(probability * 100)}%`],
      ["Account", ({ account_id: id }) => id ?? "All"],
      ["Region", ({ region }) => region ?? "All"],
    ],
    called: ({ id }) => id,
    remove: true,
  });
  const form = new Form({
    label: "Add a fault",
    action: "Add",
    fields: [
      {
        name: "operation",
        label: "Operation",
        value: "SendTextMessage",
        list: ["*", "SendTextMessage", "SendMediaMessage", "SendVoiceMessage", "SendRcsMessage"],
        required: true,
        hint: "* for all operations",
      },
      {
        name: "error",
        label: "Error",
        options: [["", "None"], ...ERRORS.map((name) => [name, name])],
      },
      { name: "reason", label: "Reason", hint: "The Reason of the error, such as RESOURCE_NOT_ACTIVE" },
      { name: "delay_seconds", label: "Delay in seconds", type: "number", min: 0, step: "any" },
      { name: "times", label: "How many calls", type: "number", min: 1, placeholder: "All" },
      {
        name: "probability",
        label: "Probability",
        type: "number",
        min: 0,
        max: 1,
        step: "any",
        placeholder: "1",
        hint: "From 0 to 1",
      },
      ...placeFields(true),
      { name: "cut", label: "Cut the connection in the middle of the answer", check: true },
    ],
    run: async (values) => {
      await ask("POST", "faults", values);
      await list.refresh();
      return "Added.";
    },
  });
  form.input("error").value = "ThrottlingException";
  const clear = actionButton("Clear all", async () => {
    await ask("DELETE", "faults");
    await list.refresh();
  });
  return {
    title: "Faults",
    text: "Make API calls fail, delay their answers, or cut their connections, to see whether your app retries.",
    elements: [form.element, list.element, h("div", { class: "buttons" }, clear)],
    refresh: () => list.refresh(),
  };
}

/** What a fault does, in words. */
function effect({ error, reason, delay_seconds: delay, cut }) {
  const effects = [
    delay ? `waits ${span(delay)}` : null,
    error ? `fails with ${error}${reason ? ` (${reason})` : ""}` : null,
    cut ? "breaks the connection" : null,
  ].filter(Boolean);
  const text = effects.join(", then ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/* Registrations: decide about one as its reviewer, with reasons for single fields. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { words } from "./format.js";
import { Form, refill } from "./forms.js";

const DECISIONS = [
  ["COMPLETE", "Approve"],
  ["REQUIRES_UPDATES", "Require updates"],
  ["REQUIRES_AUTHENTICATION", "Require authentication"],
  ["REVIEWING", "Begin the review"],
  ["PROVISIONING", "Approve, and go on with provisioning"],
  ["CLOSED", "Close"],
];

export function registrations(page) {
  let found = [];
  let drawn = null;
  const none = h("p", { class: "quiet" }, "There are no registrations. Create one with CreateRegistration.");
  const reasons = h("fieldset", { class: "reasons", hidden: true });
  const chosen = () => found.find(({ arn }) => arn === form.input("registration").value);
  const form = new Form({
    label: "Review a registration",
    action: "Decide",
    fields: [
      { name: "registration", label: "Registration", options: [], required: true, class: "wide" },
      { name: "decision", label: "Decision", options: DECISIONS },
      { name: "reason", label: "Reason", rows: 2, hint: "Why updates are required" },
    ],
    changed: () => adjust(),
    run: async ({ decision, reason }) => {
      const { id, account_id, region } = chosen();
      const fields = decision === "REQUIRES_UPDATES" ? reasonsIn(reasons) : {};
      const reviewed = await ask("POST", `registrations/${encodeURIComponent(id)}/review`, {
        decision,
        reason,
        fields: Object.keys(fields).length ? fields : null,
        account_id,
        region,
      });
      await refresh();
      return `${id} is now: ${words(reviewed.registration_status)}.`;
    },
  });
  form.element.querySelector(".control-fields").after(reasons);

  /** Show what the decision needs: reasons, and the fields of the registration. */
  function adjust() {
    const isDenied = form.input("decision").value === "REQUIRES_UPDATES";
    form.show("reason", isDenied);
    reasons.hidden = !isDenied;
    const registration = chosen();
    const state = registration && `${registration.arn} ${registration.versions.length}`;
    if (state === drawn) return;
    drawn = state;
    reasons.replaceChildren(...drawReasons(registration));
  }

  async function refresh() {
    const { account: account_id, region } = page.filters;
    const { accounts } = await ask("GET", "resources", { account_id, region });
    found = accounts.flatMap(({ resources, ...place }) =>
      (resources.registration ?? []).map((it) => ({ ...place, ...it })),
    );
    refill(
      form.input("registration"),
      found.map((it) => [it.arn, `${words(it.registration_type)}: ${words(it.status)} (${it.id})`]),
    );
    none.hidden = found.length > 0;
    form.element.hidden = !found.length;
    adjust();
  }

  return {
    title: "Registrations",
    text: "Decide about a registration, as AWS's reviewers do. It must have been submitted.",
    elements: [none, form.element],
    refresh,
  };
}

/** A line for each field that is filled in, and one for any other. */
function drawReasons(registration) {
  const values = registration?.versions.at(-1)?.values ?? [];
  const line = (path, said) =>
    h(
      "label",
      { class: "reason" },
      h("span", {}, path, said ? h("span", { class: "quiet" }, ` ${said}`) : null),
      h("input", { "data-field": path, placeholder: "Reason, if this field is wrong", autocomplete: "off" }),
    );
  return [
    h("legend", {}, "Reasons for single fields"),
    ...values.map((value) => line(value.id, written(value))),
    h(
      "div",
      { class: "reason other" },
      h("label", {}, h("span", {}, "Another field"), h("input", { "data-other": "path", placeholder: "companyInfo.website", autocomplete: "off" })),
      h("label", {}, h("span", {}, "Its reason"), h("input", { "data-other": "reason", autocomplete: "off" })),
    ),
  ];
}

const written = ({ text_value: text, select_choices: choices, registration_attachment_id: file }) =>
  (text ?? choices?.join(", ") ?? file ?? "").slice(0, 60);

function reasonsIn(place) {
  const given = [...place.querySelectorAll("[data-field]")]
    .filter(({ value }) => value.trim())
    .map(({ dataset, value }) => [dataset.field, value.trim()]);
  const [path, reason] = ["path", "reason"].map((name) => place.querySelector(`[data-other=${name}]`).value.trim());
  return Object.fromEntries(path ? [...given, [path, reason]] : given);
}

/* One API call: what was asked, what came of it, and why. */

import { isAnswered } from "./call_store.js";
import { $, aside, copy, h, icon } from "./dom.js";
import { exact } from "./format.js";
import { asBoto3, asCommand, asCurl } from "./snippets.js";
import { drawTable } from "./tables.js";

// What AWS hides in its own records of calls.
export const HIDDEN = ["Message", "MessageBody", "OneTimePassword", "VerificationCode"];
const MASK = "(hidden)";

const FACTS = [
  ["Time", (call) => exact(call.time)],
  ["Account", (call) => call.account_id],
  ["Region", (call) => call.region],
  ["Access key ID", (call) => call.access_key],
  ["Client", (call) => call.user_agent],
  ["Duration", (call) => `${call.duration_ms} ms`],
  ["Fault", (call) => call.fault_id],
];

/** Draw a call: the children of its panel. */
export function drawCall(call) {
  return [
    drawHead(call),
    h("div", { class: "buttons" }, ...copyButtons(call)),
    ...(call.why ? drawWhy(call.why) : []),
    ...(call.denied
      ? [h("h3", {}, "Policy"), h("p", {}, `Would be denied: ${call.denied}`)]
      : []),
    ...(call.error ? drawError(call.error) : []),
    ...(call.message_id ? [drawMessageLink(call.message_id)] : []),
    h("h3", {}, "Request"),
    drawParameters(call.parameters ?? {}),
    ...(isAnswered(call) ? [h("h3", {}, "Response"), json(call.response, "Response")] : []),
    h("h3", {}, "Details"),
    drawFacts(call),
  ];
}

function drawHead(call) {
  const isGood = isAnswered(call);
  return h(
    "header",
    { class: "call-head" },
    h(
      "a",
      { class: "back", href: "#/calls", "aria-label": "Back to the calls" },
      icon("back"),
    ),
    h("h2", { id: "call-heading", tabindex: "-1" }, call.operation ?? "Unknown operation"),
    h(
      "span",
      { class: `status ${isGood ? "good" : "bad"}` },
      isGood ? "Answered" : `Refused, HTTP ${call.status}`,
    ),
  );
}

function copyButtons(call) {
  const button = (label, text, what) =>
    h(
      "button",
      { class: "button", type: "button", onclick: () => copy(text(), what) },
      icon("copy"),
      label,
    );
  if (!call.operation) return [];
  return [
    button("Copy for boto3", () => asBoto3(call), "the Python code"),
    button("Copy for the AWS CLI", () => asCommand(call), "the command"),
    button("Copy for curl", () => asCurl(call), "the command"),
  ];
}

function drawWhy({ summary, rule, state, help, candidates }) {
  const others = (state ?? []).filter((each) => each !== summary);
  return [
    h("h3", {}, "Why"),
    h(
      "div",
      { class: "why" },
      h("p", { class: "why-summary" }, sentence(summary)),
      others.length ? h("ul", {}, ...others.map((each) => h("li", {}, sentence(each)))) : null,
      help ? h("p", {}, h("strong", {}, "What helps: "), help) : null,
      ...(candidates?.length ? drawCandidates(candidates) : []),
      rule ? drawRule(rule) : null,
    ),
  ];
}

function drawRule({ id, text, source, basis }) {
  return h(
    "div",
    { class: "rule" },
    h("p", {}, h("strong", {}, "Rule: "), text),
    h("p", { class: "quiet" }, `Source: ${source}${basis ? ` (${basis})` : ""}`),
    h("p", { class: "quiet" }, h("code", {}, id)),
  );
}

function drawCandidates(candidates) {
  const row = ({ id, sender, reason }) => [
    h("td", {}, sender ?? id),
    h("td", { class: "long" }, reason),
    h("td", {}, id),
  ];
  return [
    h("p", {}, h("strong", {}, "Origination identities that were considered")),
    drawTable("Candidates", ["Sender", "Why not", "ID"], candidates.map(row)),
  ];
}

function drawError(error) {
  const members = [
    ["Code", error.code],
    ["Reason", error.reason],
    ["Message", error.message],
    ["Resource type", error.resource_type],
    ["Resource ID", resourceLink(error)],
    ...(error.fields ?? []).map(({ name, message }) => ["Field", `${name}: ${message}`]),
  ];
  return [h("h3", {}, "Error"), list(members)];
}

// The kinds of resources that the Resources view has, and errors may name.
const KINDS = /^(?:phone-number|pool|sender-id|opt-out-list|configuration-set|protect-configuration|registration|rcs-agent|verified-destination-number)$/;

/** The id of a resource, with a link to where it is shown; a destination is no resource. */
function resourceLink({ resource_type: type, resource_id: id, reason }) {
  if (!id || !KINDS.test(type ?? "") || /^DESTINATION_/.test(reason ?? "")) return id;
  return h("a", { class: "text-link", href: `#/resources/${type}/${encodeURIComponent(id)}` }, id);
}

function drawMessageLink(id) {
  return h(
    "p",
    { class: "call-message" },
    h("a", { class: "button", href: `#/message/${encodeURIComponent(id)}` }, "Open the message"),
  );
}

/** The parameters, with what AWS hides masked until somebody asks for it. */
function drawParameters(parameters) {
  const place = h("div", {}, json(masked(parameters), "Parameters"));
  if (!HIDDEN.some((name) => name in parameters)) return place;
  const button = h(
    "button",
    {
      class: "button",
      type: "button",
      onclick: () => {
        place.replaceChildren(json(parameters, "Parameters"));
        $("pre", place).focus();
      },
    },
    "Show hidden values",
  );
  place.append(button);
  return place;
}

function masked(parameters) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, HIDDEN.includes(name) ? MASK : value]),
  );
}

function drawFacts(call) {
  const id = h(
    "button",
    { class: "copy-id", type: "button", onclick: () => copy(call.request_id, "the request ID") },
    aside("Copy the request ID "),
    h("span", {}, call.request_id),
    icon("copy"),
  );
  return list([...FACTS.map(([name, read]) => [name, read(call)]), ["Request ID", id]]);
}

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

const list = (entries) =>
  h(
    "dl",
    { class: "facts-list" },
    ...entries.flatMap(([name, value]) =>
      value || value === 0 ? [h("dt", {}, name), h("dd", {}, value)] : [],
    ),
  );

const json = (value, label) =>
  h("pre", { class: "json", tabindex: "0", "aria-label": label }, JSON.stringify(value, null, 2));

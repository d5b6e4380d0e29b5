/* The members of a resource as names and values, in words where the service has codes. */

import { h } from "./dom.js";
import { country, exact, mood, number, words } from "./format.js";
import { drawTable } from "./tables.js";

// Shown in the first line already.
const LEFT_OUT = ["status"];
// Members whose own members are named by users: those names are shown as they are.
const CHOSEN_NAMES = ["tags", "context", "event_destinations", "values"];
// What the id of an entry is, by the member that holds the entries.
const IDS = { keywords: "Keyword", numbers: "Phone number", number_overrides: "Phone number" };
// Members whose values are codes of the service.
const CODED = /(?:^|_)(?:action|capabilities|status|types?)$/;
const EVENT_TYPES = ["event_type", "matching_event_types"];
const COUNTRY = /^[A-Z]{2}$/;

/** The members of an object, as a list of names and values, nested as they are. */
export function members(value, within = "") {
  const entries = Object.entries(value).filter(
    ([name, each]) => !LEFT_OUT.includes(name) && !isNothing(each),
  );
  // Wide members come last.
  entries.sort(([, one], [, other]) => isWide(one) - isWide(other));
  return h(
    "dl",
    {},
    ...entries.map(([name, each]) =>
      h(
        "div",
        { class: isWide(each) ? "wide" : "" },
        h("dt", {}, CHOSEN_NAMES.includes(within) ? name : heading(name, within)),
        h("dd", {}, show(each, name)),
      ),
    ),
  );
}

function show(value, name = "") {
  if (value === true) return "Yes";
  if (value === false) return "No";
  if (Array.isArray(value)) return value.some(isObject) ? table(value, name) : value.map((each) => spelled(each, name)).join(", ");
  if (!isObject(value)) return written(value, name);
  if ("total" in value && Array.isArray(value.latest)) return latest(value, name);
  if (Object.values(value).some(isObject)) return members(value, name);
  const label = CHOSEN_NAMES.includes(name) ? String : (key) => heading(key);
  return h(
    "ul",
    {},
    ...Object.entries(value)
      .filter(([, each]) => !isNothing(each))
      .map(([key, each]) => h("li", {}, h("span", { class: "quiet" }, `${label(key)}: `), show(each, key))),
  );
}

function latest({ total, latest: entries }, name) {
  if (!total) return "None";
  const left = total - entries.length;
  return h(
    "div",
    {},
    table(entries, name),
    left > 0 ? h("p", { class: "quiet" }, `and ${number(left)} earlier ones`) : null,
  );
}

/** Entries as the rows of a table; as boxes where they are nested. */
function table(entries, within = "") {
  const names = [...new Set(entries.flatMap((entry) => (isObject(entry) ? Object.keys(entry) : [])))];
  const used = names.filter((name) => entries.some((entry) => !isNothing(entry[name])));
  if (entries.some((entry) => !isObject(entry) || Object.values(entry).some(isObject))) {
    const boxes = entries.map((entry) => h("li", {}, isObject(entry) ? members(entry) : show(entry)));
    return h("ul", { class: "boxes" }, ...boxes);
  }
  return drawTable(
    "Table",
    used.map((name) => heading(name, within)),
    entries.map((entry) => used.map((name) => cell(name, entry[name]))),
  );
}

function cell(name, value) {
  if (isNothing(value)) return h("td", {});
  if (name === "status") {
    const how = { delivered: "good", failed: "bad", pending: "waiting", recorded: "neutral" }[value];
    return h("td", {}, h("span", { class: `status ${how ?? mood(value)}` }, words(value)));
  }
  return h("td", { class: String(value).length > 45 ? "long" : "" }, show(value, name));
}

/** The label of a member. */
function heading(name, within = "") {
  if (name === "id") return IDS[within] ?? "ID";
  if (COUNTRY.test(name)) return country(name);
  return words(name.replace(/_timestamp$/, ""));
}

/** A value in words, where it is a code of the service. */
function spelled(value, name) {
  if (name === "iso_country_code") return country(value);
  if (name === "kind") return words(value);
  const isCoded = COUNTRY.test(name) || (CODED.test(name) && !EVENT_TYPES.includes(name));
  return isCoded && /^[A-Z][A-Z_]+$/.test(value) ? words(value) : String(value);
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function written(value, name) {
  if (typeof value === "string" && ISO_TIME.test(value)) {
    const at = new Date(value);
    if (!Number.isNaN(at.getTime())) return h("time", { datetime: at.toISOString() }, exact(at));
  }
  return spelled(value, name);
}

const isObject = (value) => typeof value === "object" && value !== null;
// Includes long texts, such as an ARN or a policy.
const isWide = (value) => {
  if (Array.isArray(value)) return value.some(isObject) || value.join(", ").length > 60;
  return isObject(value) ? !isNothing(value) : String(value).length > 45;
};
const isNothing = (value) =>
  value === null ||
  value === undefined ||
  value === "" ||
  (isObject(value) && Object.keys(value).length === 0);

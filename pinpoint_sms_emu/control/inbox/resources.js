/* The Resources view. Kinds that are not known here are shown with all their members. */

import { ask } from "./api.js";
import { $, h, icon } from "./dom.js";
import { country, dollars, exact, many, mood, number, words } from "./format.js";

const REFRESH_SECONDS = 3;
const MOST = 200;

// The titles of the common kinds, and what the first line of a resource says.
const KINDS = {
  "phone-number": {
    title: "Phone numbers",
    name: (it) => it.phone_number,
    facts: (it) => [
      words(it.number_type),
      country(it.iso_country_code),
      it.number_capabilities.map(words).join(", "),
      words(it.message_type),
      it.pool_id && "in a pool",
      it.two_way_enabled && "two-way",
    ],
  },
  pool: {
    title: "Pools",
    facts: (it) => [
      many(it.members.length, "member"),
      words(it.message_type),
      it.two_way_enabled && "two-way",
      it.shared_routes_enabled && "shared routes",
    ],
  },
  "sender-id": {
    title: "Sender IDs",
    facts: (it) => [country(it.iso_country_code), it.registered ? "registered" : "not registered"],
  },
  "opt-out-list": {
    title: "Opt-out lists",
    facts: (it) => [many(it.numbers.total, "number")],
  },
  "configuration-set": {
    title: "Configuration sets",
    facts: (it) => [
      many(Object.keys(it.event_destinations).length, "destination"),
      it.default_message_type && words(it.default_message_type),
      it.default_sender_id && `sender ${it.default_sender_id}`,
    ],
  },
  "protect-configuration": {
    title: "Protect configurations",
    facts: (it) => [it.account_default && "account default"],
  },
  "verified-destination-number": {
    title: "Verified numbers",
    name: (it) => it.destination_phone_number ?? it.phone_number ?? it.id,
  },
  "rcs-agent": { title: "RCS agents" },
};
const SPEND = "spend";
const SPENDING = { TEXT: "SMS", MEDIA: "MMS", VOICE: "Voice", NOTIFY: "Notify", RCS: "RCS" };
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

export class Resources {
  constructor(page) {
    this.page = page;
    this.kind = SPEND;
    this.open = new Set();
    $("#resources-filter").addEventListener("input", () => this.#draw());
  }

  /** Show a kind, and keep it up to date. */
  show(kind) {
    this.kind = kind || SPEND;
    this.isShown = true;
    this.drawn = null;
    this.refresh();
  }

  hide() {
    this.isShown = false;
    clearTimeout(this.next);
  }

  async refresh() {
    clearTimeout(this.next);
    if (!this.isShown) return;
    if (!document.hidden || !this.accounts) {
      const { account: account_id, region } = this.page.filters;
      try {
        this.accounts = (await ask("GET", "resources", { account_id, region })).accounts;
        this.#draw();
      } catch {
        // The page says already that the emulator does not respond.
      }
    }
    clearTimeout(this.next);
    this.next = setTimeout(() => this.refresh(), REFRESH_SECONDS * 1000);
  }

  #draw() {
    if (!this.accounts || !this.isShown) return;
    const query = $("#resources-filter").value.trim().toLowerCase();
    const state = JSON.stringify([this.accounts, this.kind, query]);
    if (state === this.drawn) return;
    this.drawn = state;
    this.#kinds();
    $("#resources-search").hidden = this.kind === SPEND;
    $("#resources-title").textContent = title(this.kind);
    const several = this.accounts.length > 1;
    const groups = this.accounts.map((account) => {
      const shown = this.kind === SPEND ? [spend(account)] : this.#resources(account, query);
      const place = `${account.account_id} · ${account.region}`;
      return h(
        "section",
        { "aria-label": place },
        several || this.kind === SPEND ? h("h3", { class: "place" }, place) : null,
        ...shown,
      );
    });
    const nothing = h("p", { class: "quiet" }, "No account has been used yet.");
    keepFocus($("#resources"), () => {
      $("#resources").replaceChildren(...(groups.length ? groups : [nothing]));
    });
  }

  #kinds() {
    const kinds = new Map();
    for (const { resources } of this.accounts) {
      for (const [kind, found] of Object.entries(resources)) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + found.length);
      }
    }
    const known = Object.keys(KINDS).filter((kind) => kinds.has(kind));
    const others = [...kinds.keys()].filter((kind) => !(kind in KINDS)).sort();
    const entries = [SPEND, ...known, ...others].map((kind) =>
      h(
        "li",
        {},
        h(
          "a",
          {
            href: `#/resources/${kind}`,
            "aria-current": kind === this.kind ? "page" : null,
            class: kinds.get(kind) || kind === SPEND ? "" : "empty",
          },
          h("span", {}, title(kind)),
          kind === SPEND ? null : h("span", { class: "count" }, number(kinds.get(kind))),
        ),
      ),
    );
    keepFocus($("#kinds"), () => $("#kinds").replaceChildren(...entries));
    const chosen = $("#kinds [aria-current]");
    if (!chosen || this.revealed === this.kind) return;
    // On a phone they are a row that scrolls.
    this.revealed = this.kind;
    chosen.scrollIntoView({ block: "nearest", inline: "center" });
  }

  #resources({ account_id, region, resources }, query) {
    const found = (resources[this.kind] ?? []).filter(
      (resource) => !query || JSON.stringify(resource).toLowerCase().includes(query),
    );
    if (!found.length) {
      return [h("p", { class: "quiet none" }, query ? "No matches." : "None.")];
    }
    const left = found.length - MOST;
    return [
      ...found.slice(0, MOST).map((each) => this.#resource(each, `${account_id}/${region}`)),
      left > 0 ? h("p", { class: "quiet" }, `${number(left)} more. Filter to see them.`) : null,
    ].filter(Boolean);
  }

  #resource(resource, place) {
    const { name, facts } = KINDS[this.kind] ?? {};
    const key = `${place}/${this.kind}/${resource.arn ?? resource.id}`;
    const said = (facts?.(resource) ?? []).filter(Boolean);
    const called = name?.(resource) ?? resource.name ?? resource.id;
    const others = { ...resource };
    if (others.id === called) delete others.id;
    const details = h(
      "details",
      { class: "resource", open: this.open.has(key), "data-focus": key },
      h(
        "summary",
        {},
        h("span", { class: "called" }, called),
        h("span", { class: "quiet" }, said.join(" · ")),
        resource.status
          ? h("span", { class: `status ${standing(resource.status)}` }, words(resource.status))
          : null,
        icon("open"),
      ),
      members(others),
    );
    details.addEventListener("toggle", () => {
      this.open[details.open ? "add" : "delete"](key);
    });
    return details;
  }
}

const title = (kind) =>
  kind === SPEND ? "Spend this month" : (KINDS[kind]?.title ?? `${words(kind)}s`);

function standing(status) {
  if (/^(ACTIVE|VERIFIED|COMPLETE|LAUNCHED|APPROVED|TESTING)$/.test(status)) return "good";
  return /ING$|CREATED|SUBMITTED|DRAFT/.test(status) ? "waiting" : "bad";
}

/** A bar for each kind of message: the spend against its limit. */
function spend({ spend: limits }) {
  return h(
    "ul",
    { class: "spend" },
    ...limits.map(({ kind, spent, enforced_limit: limit, max_limit: most, overridden }) => {
      const share = limit ? Math.min(1, spent / limit) : 1;
      const label = SPENDING[kind] ?? words(kind);
      const bar = h("meter", {
        min: 0,
        max: 1,
        low: 0.75,
        high: 0.95,
        optimum: 0,
        value: share,
        "aria-label": `${label}: ${dollars(spent)} of ${many(limit, "US dollar")}`,
      });
      return h(
        "li",
        {},
        h(
          "p",
          { class: "line" },
          h("strong", {}, label),
          h("span", {}, `${dollars(spent)} of $${number(limit)}`),
        ),
        bar,
        overridden ? h("p", { class: "quiet" }, `Lowered from $${number(most)}`) : null,
      );
    }),
  );
}

/** The members of an object, as a list of names and values, nested as they are. */
function members(value, within = "") {
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
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...used.map((name) => h("th", { scope: "col" }, heading(name, within))))),
      h(
        "tbody",
        {},
        ...entries.map((entry) => h("tr", {}, ...used.map((name) => cell(name, entry[name])))),
      ),
    ),
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

/** Redraw, and restore the focus. */
function keepFocus(within, draw) {
  const active = within.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-focus]")?.dataset.focus;
  const href = active?.getAttribute("href");
  draw();
  if (key) {
    const again = [...within.querySelectorAll("[data-focus]")].find((it) => it.dataset.focus === key);
    $("summary", again ?? within)?.focus({ preventScroll: true });
  } else if (href) {
    [...within.querySelectorAll("a")].find((it) => it.getAttribute("href") === href)?.focus();
  }
}

/* The second view: what the accounts have. Kinds that are not known here show themselves. */

import { ask } from "./api.js";
import { $, h, icon } from "./dom.js";
import { dollars, exact, many, mood, number, words } from "./format.js";

const REFRESH_SECONDS = 3;
const MOST = 200;

// How the kinds that everybody uses are called, and what their first line says.
const KINDS = {
  "phone-number": {
    title: "Phone numbers",
    name: (it) => it.phone_number,
    facts: (it) => [
      words(it.number_type),
      it.iso_country_code,
      it.number_capabilities.join(", "),
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
    facts: (it) => [it.iso_country_code, it.registered ? "registered" : "not registered"],
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
// What the first line has said.
const LEFT_OUT = ["status"];
// What holds names that somebody else has chosen.
const CHOSEN_NAMES = ["tags", "context"];

export class Resources {
  constructor(page) {
    this.page = page;
    this.kind = SPEND;
    this.open = new Set();
    $("#resources-filter").addEventListener("input", () => this.#draw());
  }

  /** Show a kind, and look again now and then. */
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
        // The page says already that the emulator does not answer.
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
    const nothing = h("p", { class: "quiet" }, "Nobody has used the emulator yet.");
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
      return [h("p", { class: "quiet none" }, query ? "None fits the filter." : "None.")];
    }
    const left = found.length - MOST;
    return [
      ...found.slice(0, MOST).map((each) => this.#resource(each, `${account_id}/${region}`)),
      left > 0 ? h("p", { class: "quiet" }, `${number(left)} more: filter to see them.`) : null,
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

/** A bar for each kind of message: what has been spent of what may be. */
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

/** All that is known of something: a list of names and values, as deep as it goes. */
function members(value) {
  const entries = Object.entries(value).filter(
    ([name, each]) => !LEFT_OUT.includes(name) && !isNothing(each),
  );
  // What needs a line of its own comes after what does not.
  entries.sort(([, one], [, other]) => isWide(one) - isWide(other));
  return h(
    "dl",
    {},
    ...entries.map(([name, each]) =>
      h(
        "div",
        { class: isWide(each) ? "wide" : "" },
        h("dt", {}, heading(name, [each])),
        h("dd", {}, show(each, name)),
      ),
    ),
  );
}

function show(value, name = "") {
  if (value === true) return "Yes";
  if (value === false) return "No";
  if (Array.isArray(value)) return value.some(isObject) ? table(value) : value.join(", ");
  if (!isObject(value)) return written(value);
  if ("total" in value && Array.isArray(value.latest)) return latest(value);
  if (Object.values(value).some(isObject)) return members(value);
  const spelled = CHOSEN_NAMES.includes(name) ? String : (key) => heading(key);
  return h(
    "ul",
    {},
    ...Object.entries(value)
      .filter(([, each]) => !isNothing(each))
      .map(([key, each]) => h("li", {}, h("span", { class: "quiet" }, `${spelled(key)}: `), show(each))),
  );
}

function latest({ total, latest: entries }) {
  if (!total) return "None";
  const left = total - entries.length;
  return h(
    "div",
    {},
    table(entries),
    left > 0 ? h("p", { class: "quiet" }, `and ${number(left)} before these`) : null,
  );
}

/** Things that are alike, one a line; where they hold more than a line can, one a box. */
function table(entries) {
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
      h("thead", {}, h("tr", {}, ...used.map((name) => column(name, entries)))),
      h(
        "tbody",
        {},
        ...entries.map((entry) => h("tr", {}, ...used.map((name) => cell(name, entry[name])))),
      ),
    ),
  );
}

function column(name, entries) {
  return h("th", { scope: "col" }, heading(name, entries.map((entry) => entry[name])));
}

function cell(name, value) {
  if (isNothing(value)) return h("td", {});
  if (name === "status") {
    const how = { delivered: "good", failed: "bad", pending: "waiting", recorded: "neutral" }[value];
    return h("td", {}, h("span", { class: `status ${how ?? mood(value)}` }, words(value)));
  }
  return h("td", { class: String(value).length > 45 ? "long" : "" }, show(value));
}

/** What a member is called. An id that people have chosen is a name. */
function heading(name, values = []) {
  if (name === "id" && values.every((value) => !MADE_UP.test(value))) return "Name";
  return words(name.replace(/_timestamp$/, ""));
}

const MADE_UP = /[0-9a-f]{32}$/;

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

function written(value) {
  if (typeof value === "string" && ISO_TIME.test(value)) {
    const at = new Date(value);
    if (!Number.isNaN(at.getTime())) return h("time", { datetime: at.toISOString() }, exact(at));
  }
  return String(value);
}

const isObject = (value) => typeof value === "object" && value !== null;
// Also what is long, such as an ARN or a policy.
const isWide = (value) => {
  if (Array.isArray(value)) return value.some(isObject) || value.join(", ").length > 60;
  return isObject(value) ? !isNothing(value) : String(value).length > 45;
};
const isNothing = (value) =>
  value === null ||
  value === undefined ||
  value === "" ||
  (isObject(value) && Object.keys(value).length === 0);

/** Draw anew, and leave the focus where it was. */
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

/* The Resources view. Kinds that are not known here are shown with all their members. */

import { ask } from "./api.js";
import { $, h, icon } from "./dom.js";
import { country, dollars, many, number, words } from "./format.js";
import { members } from "./members.js";
import { RefreshedView } from "./refreshed_view.js";

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
export class Resources extends RefreshedView {
  constructor(page) {
    super(page);
    this.kind = SPEND;
    this.open = new Set();
    $("#resources-filter").addEventListener("input", () => this.#draw());
  }

  /** Show a kind, and open the resource with an id or a name; keep both up to date. */
  show([kind, id]) {
    this.kind = kind || SPEND;
    this.wanted = id || null;
    this.drawn = null;
    super.show();
  }

  async read() {
    if (document.hidden && this.accounts) return;
    const { account: account_id, region } = this.page.filters;
    this.accounts = (await ask("GET", "resources", { account_id, region })).accounts;
    this.#draw();
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
    this.#openWanted();
  }

  /** Open the resource that the address names; a wrong address says so. */
  #openWanted() {
    const isKind = this.kind === SPEND || this.accounts.some(({ resources }) => this.kind in resources);
    const missing = $("#resources-missing");
    missing.hidden = isKind || !this.accounts.length;
    missing.textContent = `There is no kind of resource called ${this.kind}.`;
    if (!this.wanted || !isKind) return;
    const id = this.wanted;
    const opened = [...$("#resources").querySelectorAll("details.resource")].find(
      ({ dataset }) => dataset.id === id || dataset.arn === id || dataset.called === id,
    );
    missing.hidden = Boolean(opened);
    missing.textContent = `${id} was not found among the ${title(this.kind).toLowerCase()} that are shown. It may have been deleted.`;
    if (!opened) return;
    this.wanted = null;
    opened.open = true;
    $("summary", opened).focus({ preventScroll: true });
    opened.scrollIntoView({ block: "nearest" });
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
    const wanted = found.slice(MOST).filter(({ id, arn }) => [id, arn].includes(this.wanted));
    return [
      ...[...found.slice(0, MOST), ...wanted].map((each) => this.#resource(each, `${account_id}/${region}`)),
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
      {
        class: "resource",
        open: this.open.has(key),
        "data-focus": key,
        "data-id": resource.id,
        "data-arn": resource.arn,
        "data-called": called,
      },
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
      const isNews = details.open !== this.open.has(key);
      this.open[details.open ? "add" : "delete"](key);
      // The address names what was opened last, so that it can be passed on.
      if (isNews && this.isShown) {
        const id = details.open ? `/${encodeURIComponent(resource.id)}` : "";
        history.replaceState(null, "", `#/resources/${this.kind}${id}`);
      }
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

/* The page: which conversations are shown, which is open, and where everything is told to.

   Its place is in the address, after the #, so that Back goes back:
   #/ the conversations, #/conversation/ACCOUNT/REGION/NUMBER/PERSON, #/resources/KIND */

import { ask } from "./api.js";
import { Conversations } from "./conversations.js";
import { Details } from "./details.js";
import { $, fill, perFrame, say } from "./dom.js";
import { number } from "./format.js";
import { Live } from "./live.js";
import { Resources } from "./resources.js";
import { clearing, Clock, firstSteps, newText, outcomes, themes } from "./steering.js";
import { Store, ends, keyOf } from "./store.js";
import { Thread } from "./thread.js";

const GLANCE_SECONDS = 5;
const NAME = "pinpoint-sms-emu";

class Page {
  constructor() {
    this.filters = { query: "", account: "", region: "", channel: "", number: "" };
    this.accounts = [];
    this.open = null; // the key of a conversation
    this.selected = null; // the id of a message
    this.render = perFrame(() => this.#render());
    this.store = new Store(() => this.render());
    this.now = () => this.clock.now();
  }

  start() {
    this.clock = new Clock(this);
    this.conversations = new Conversations(this);
    this.thread = new Thread(this);
    this.details = new Details(this);
    this.resources = new Resources(this);
    newText(this);
    outcomes(this);
    clearing(this);
    themes();
    firstSteps();
    this.#listen();
    this.#go();
    this.live = new Live(this.store, {
      tell: (state, total) => this.#tell(state, total),
      arrived: (message) => this.#arrived(message),
    });
    this.live.start();
    this.refresh();
  }

  get conversation() {
    return this.store.conversations.get(this.open) ?? null;
  }

  /** Show what is behind a message, or no longer. */
  select(id) {
    const before = this.selected;
    this.selected = id;
    this.#render();
    if (!id) this.thread.windowed.reveal(before)?.querySelector(".facts")?.focus();
  }

  /** Open the conversation of a message that the stream is about to tell of. */
  openMessage(id) {
    const message = this.store.messages.get(id);
    if (message) location.hash = `#/conversation/${keyOf(message)}`;
    else this.awaited = id;
  }

  /** Look at what no stream tells of: the clock, and which accounts there are. */
  async refresh() {
    clearTimeout(this.glance);
    if (!document.hidden) {
      try {
        this.clock.take(await ask("GET", "clock"));
        this.accounts = (await ask("GET", "accounts")).accounts;
        this.render();
      } catch {
        // The stream has noticed too, and says so.
      }
    }
    clearTimeout(this.glance);
    this.glance = setTimeout(() => this.refresh(), GLANCE_SECONDS * 1000);
  }

  #listen() {
    window.addEventListener("hashchange", () => this.#go());
    document.addEventListener("accounts", () => this.refresh());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
      this.render();
    });
    $("#search").addEventListener("input", () => {
      this.filters.query = $("#search").value.trim().toLowerCase();
      this.render();
    });
    for (const name of ["account", "region", "channel", "number"]) {
      $(`#${name}`).addEventListener("change", ({ target }) => {
        this.filters[name] = target.value;
        if (name === "account" || name === "region") this.resources.refresh();
        this.render();
      });
    }
    document.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      ($("#messages-view").hidden ? $("#resources-filter") : $("#search")).focus();
    }
    if (event.key !== "Escape" || document.querySelector("dialog[open], :popover-open")) return;
    if (this.selected) this.select(null);
    else if (this.open) location.hash = "#/";
  }

  /** Go where the address says. */
  #go() {
    const [, view, ...rest] = location.hash.split("/");
    const isResources = view === "resources";
    $("#messages-view").hidden = isResources;
    $("#resources-view").hidden = !isResources;
    for (const [id, here] of [["to-messages", !isResources], ["to-resources", isResources]]) {
      if (here) $(`#${id}`).setAttribute("aria-current", "page");
      else $(`#${id}`).removeAttribute("aria-current");
    }
    const before = this.open;
    if (isResources) {
      this.resources.show(rest[0]);
    } else {
      this.resources.hide();
      this.open = view === "conversation" ? rest.join("/") : null;
      if (this.open !== before) this.selected = null;
    }
    document.body.dataset.open = !isResources && this.open ? "true" : "false";
    this.#render();
    if (!isResources && this.open && this.open !== before && this.isNarrow) $("#person").focus();
  }

  get isNarrow() {
    return matchMedia("(max-width: 719px)").matches;
  }

  #render() {
    if (!this.thread) return;
    this.#places();
    $("#first").hidden = this.store.messages.size > 0 || !this.isLoaded;
    $("#first-number-step").hidden = this.accounts.some((each) => each.resources["phone-number"]);
    this.conversations.show(this.#entries());
    const { conversation } = this;
    $("#conversation").hidden = !conversation;
    $("#none-open").hidden = Boolean(conversation) || !$("#first").hidden;
    if (this.open && !conversation && this.isLoaded) location.hash = "#/";
    this.thread.show(conversation);
    const selected = this.store.messages.get(this.selected);
    if (!selected) this.selected = null;
    this.details.show(selected ?? null);
    document.body.dataset.details = selected ? "true" : "false";
    const { unread } = this.store;
    document.title = unread ? `(${number(unread)}) ${NAME}` : NAME;
  }

  /** The conversations that fit the filters, each with its last message that does. */
  #entries() {
    const { query, account, region, channel, number: through } = this.filters;
    const entries = [];
    for (const conversation of this.store.latest()) {
      if (account && conversation.account_id !== account) continue;
      if (region && conversation.region !== region) continue;
      if (through && conversation.number !== through) continue;
      if (channel && !conversation.channels.has(channel)) continue;
      const isNamed =
        query && [conversation.person, conversation.number].some((it) => it.toLowerCase().includes(query));
      const fits = (message) =>
        (!channel || message.channel === channel) &&
        (!query || isNamed || message.folded.includes(query) || message.message_id === query);
      let [found, matches] = [null, 0];
      for (let index = conversation.messages.length - 1; index >= 0; index -= 1) {
        const message = conversation.messages[index];
        if (!fits(message)) continue;
        found ??= message;
        matches += 1;
        // How many there are is told only of a search.
        if (!query) break;
      }
      if (found) entries.push({ conversation, message: found, matches });
    }
    return entries;
  }

  /** What can be chosen among: the accounts, Regions and numbers that there are. */
  #places() {
    const accounts = new Set(this.accounts.map((each) => each.account_id));
    const regions = new Set(this.accounts.map((each) => each.region));
    const numbers = new Set();
    for (const conversation of this.store.conversations.values()) {
      accounts.add(conversation.account_id);
      regions.add(conversation.region);
      if (this.filters.account && conversation.account_id !== this.filters.account) continue;
      if (this.filters.region && conversation.region !== this.filters.region) continue;
      numbers.add(conversation.number);
    }
    this.#offer("account", "All accounts", accounts);
    this.#offer("region", "All Regions", regions);
    this.#offer("number", "All numbers", numbers);
  }

  #offer(name, all, values) {
    const select = $(`#${name}`);
    fill(select, [["", all], ...[...values].sort().map((value) => [value, value])]);
    this.filters[name] = select.value;
  }

  #tell(state, total) {
    if (state === "live") this.isLoaded = true;
    document.body.dataset.live = state;
    $("#trouble").hidden = state !== "broken";
    const { size } = this.store.messages;
    const isLong = state === "loading" && total > 2000;
    $("#loading").hidden = !isLong;
    if (isLong) $("#loading").textContent = `Reading ${number(size)} of ${number(total)} messages`;
    if (state === "live") this.refresh();
    this.render();
  }

  #arrived(message) {
    if (message.message_id === this.awaited) {
      this.awaited = null;
      location.hash = `#/conversation/${keyOf(message)}`;
    }
    this.arrivals = (this.arrivals ?? 0) + 1;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const { person } = ends(message);
      const what = message.direction === "inbound" ? `${person} answered` : `To ${person}`;
      const one = `${what}: ${(message.body ?? "").slice(0, 200)}`;
      say(this.arrivals > 1 ? `${this.arrivals} new messages. ${one}` : one);
      this.arrivals = 0;
    }, 300);
  }
}

new Page().start();

/* The page: its views, what is open in them, and how they are kept up to date.

   The address names what is open, after the #, so that Back works:
   #/, #/conversation/ACCOUNT/REGION/NUMBER/PERSON, #/message/ID,
   #/calls, #/calls/ID, #/calls/message/ID, #/resources/KIND, #/resources/KIND/ID,
   #/report, #/controls/NAME */

import { ask } from "./api.js";
import { Calls } from "./calls.js";
import { Clock } from "./clock.js";
import { Controls } from "./controls.js";
import { Conversations } from "./conversations.js";
import { ConversationMenu } from "./conversation_menu.js";
import { Details } from "./details.js";
import { clearing, newMessage, outcomes } from "./dialogs.js";
import { $, fill, perFrame, say, toast } from "./dom.js";
import { firstSteps } from "./first_steps.js";
import { many, number } from "./format.js";
import { keys } from "./keys.js";
import { LiveMessages } from "./live.js";
import { Notifier } from "./notifier.js";
import { OptOut } from "./opt_out.js";
import { Report } from "./report.js";
import { Resources } from "./resources.js";
import { Store, ends, homeOf, keyOf } from "./store.js";
import { themes } from "./themes.js";
import { Thread } from "./thread.js";

const GLANCE_SECONDS = 5;
const NAME = "pinpoint-sms-emu";
const VIEWS = ["messages", "calls", "resources", "report", "controls"];

class Page {
  constructor() {
    this.filters = { query: "", account: "", region: "", channel: "", number: "" };
    this.accounts = [];
    this.settings = {};
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
    this.optOut = new OptOut(this);
    this.menu = new ConversationMenu(this);
    this.calls = new Calls(this);
    this.resources = new Resources(this);
    this.report = new Report(this);
    this.controls = new Controls(this);
    this.notifier = new Notifier();
    for (const add of [newMessage, outcomes, clearing, keys]) add(this);
    themes();
    firstSteps();
    this.#listen();
    this.#go();
    this.live = new LiveMessages(this.store, {
      changed: (state) => this.#connectionChanged(state),
      arrived: (message) => this.#arrived(message),
      cleared: () => this.calls.reload(),
    });
    this.live.start();
    this.refresh();
    this.#showReplica();
  }

  get conversation() {
    return this.store.conversations.get(this.open) ?? null;
  }

  /** Show the details of a message, or hide them for null. */
  select(id) {
    const before = this.selected;
    this.selected = id;
    this.#render();
    if (!id) this.thread.windowed.reveal(before)?.querySelector(".facts")?.focus();
  }

  /** Open the conversation of a message, once it has arrived. */
  openMessage(id) {
    const message = this.store.messages.get(id);
    if (message) location.hash = `#/conversation/${keyOf(homeOf(message))}`;
    else this.awaited = id;
  }

  /** Mark the open conversation as unread, and close it. */
  markUnread() {
    const { conversation } = this;
    if (!conversation) return;
    this.open = null;
    location.hash = "#/";
    this.store.markUnread(conversation);
  }

  /** Request what no stream reports: the clock, the accounts and who has opted out. */
  async refresh() {
    clearTimeout(this.glance);
    if (!document.hidden) {
      try {
        this.clock.take(await ask("GET", "clock"));
        this.accounts = (await ask("GET", "accounts")).accounts;
        this.optOut.refresh();
        this.render();
      } catch {
        // The stream reports it too.
      }
    }
    clearTimeout(this.glance);
    this.glance = setTimeout(() => this.refresh(), GLANCE_SECONDS * 1000);
  }

  /** Show which of several replicas answers. */
  async #showReplica() {
    const { replica } = await ask("GET", "health").catch(() => ({}));
    $("#replica").textContent = `replica ${replica}`;
    $("#replica").hidden = !replica;
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
    $("#load-older").addEventListener("click", () => this.live.loadMore());
    for (const name of ["account", "region", "channel", "number"]) {
      $(`#${name}`).addEventListener("change", ({ target }) => {
        this.filters[name] = target.value;
        if (name === "account" || name === "region") this.#changePlace();
        this.render();
      });
    }
  }

  /** Another account or Region is looked at. */
  #changePlace() {
    this.resources.refresh();
    this.report.refresh();
    this.controls.refresh();
    this.calls.render();
  }

  /** Close what is open in the view: its details first. */
  close() {
    if (this.view === "calls") location.hash = "#/calls";
    if (this.view !== "messages") return;
    if (this.selected) this.select(null);
    else if (this.open) location.hash = "#/";
  }

  /** Open what the address names. */
  #go() {
    const [, name, ...rest] = location.hash.split("/");
    if (name && ![...VIEWS, "conversation", "message"].includes(name)) {
      toast(`There is no view called ${decoded(name)}.`, "bad");
    }
    this.view = VIEWS.includes(name) ? name : "messages";
    for (const view of VIEWS) {
      $(`#${view}-view`).hidden = view !== this.view;
      if (view === this.view) $(`#to-${view}`).setAttribute("aria-current", "page");
      else $(`#to-${view}`).removeAttribute("aria-current");
    }
    for (const view of VIEWS.slice(1)) {
      if (view === this.view) this[view].show(rest.map(decoded));
      else this[view].hide();
    }
    if (this.view === "messages") this.#goToMessages(name, rest);
    const isOpen = { messages: this.open, calls: this.calls.open ?? this.calls.awaitedMessage };
    document.body.dataset.open = isOpen[this.view] ? "true" : "false";
    this.#render();
  }

  #goToMessages(name, rest) {
    this.linked = name === "message" ? decoded(rest[0] ?? "") : null;
    if (this.linked) return;
    const before = this.open;
    this.open = name === "conversation" ? rest.join("/") : null;
    if (this.open === before) return;
    this.selected = this.open && this.selectNext;
    this.selectNext = null;
    if (this.open && this.isNarrow) requestAnimationFrame(() => $("#person").focus());
  }

  /** Follow an address #/message/ID, once the message is loaded. */
  #followLink() {
    if (!this.linked || this.view !== "messages") return;
    const id = this.linked;
    const message = this.store.messages.get(id);
    if (!message && (!this.isLoaded || this.live.isReading)) return;
    if (!message && !this.store.isComplete) {
      this.live.loadMore(() => this.store.messages.has(id));
      return;
    }
    this.linked = null;
    if (!message) {
      toast(`There is no message ${id}. It may have been deleted.`, "bad");
      location.replace("#/");
      return;
    }
    const key = keyOf(homeOf(message));
    if (this.open === key) this.selected = id;
    else this.selectNext = id;
    this.revealNext = homeOf(message).message_id;
    location.replace(`#/conversation/${key}`);
  }

  get isNarrow() {
    return matchMedia("(max-width: 719px)").matches;
  }

  #render() {
    if (!this.thread) return;
    this.#followLink();
    this.offerPlaces();
    $("#first").hidden = this.store.messages.size > 0 || !this.isLoaded;
    $("#first-number-step").hidden = this.accounts.some((each) => each.resources["phone-number"]);
    this.conversations.show(this.#entries());
    const { conversation } = this;
    $("#conversation").hidden = !conversation;
    $("#none-open").hidden = Boolean(conversation) || !$("#first").hidden;
    this.#leaveMissing(conversation);
    this.optOut.show(conversation);
    this.thread.show(conversation);
    const selected = this.store.messages.get(this.selected);
    if (!selected) this.selected = null;
    this.details.show(selected ?? null);
    document.body.dataset.details = selected ? "true" : "false";
    const { unread } = this.store;
    document.title = unread ? `(${number(unread)}) ${NAME}` : NAME;
  }

  /** Close a conversation that does not exist; say so if it never did. */
  #leaveMissing(conversation) {
    if (conversation) this.found = this.open;
    const isKnown = this.isLoaded && !this.live.isReading;
    if (!this.open || conversation || !isKnown || this.view !== "messages") return;
    if (this.found !== this.open) toast("This conversation was not found.", "bad");
    location.hash = "#/";
  }

  /** The conversations that match the filters, each with its latest matching message. */
  #entries() {
    const { query, account, region, channel, number: wanted } = this.filters;
    const entries = [];
    for (const conversation of this.store.latest()) {
      if (account && conversation.account_id !== account) continue;
      if (region && conversation.region !== region) continue;
      if (wanted && conversation.number !== wanted) continue;
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
        // Only a search shows how many match.
        if (!query) break;
      }
      if (found) entries.push({ conversation, message: found, matches });
    }
    return entries;
  }

  /** Offer the accounts, Regions and numbers that there are. */
  offerPlaces() {
    const { store: calls } = this.calls;
    const accounts = new Set([...calls.accounts, ...this.accounts.map((each) => each.account_id)]);
    const regions = new Set([...calls.regions, ...this.accounts.map((each) => each.region)]);
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

  #connectionChanged(state) {
    if (state === "live") this.isLoaded = true;
    document.body.dataset.live = state;
    document.body.dataset.reading = String(this.live.isReading);
    $("#trouble").hidden = state !== "broken";
    const isMore = state === "live" && !this.live.isReading && !this.store.isComplete;
    $("#older").hidden = !isMore;
    if (isMore) $("#older-count").textContent = `${many(this.live.left, "older message")} not loaded.`;
    if (state === "live") this.#start();
    this.render();
  }

  /** Request what an emulator that has just begun to answer may have changed. */
  async #start() {
    this.refresh();
    this.settings = await ask("GET", "settings").catch(() => this.settings);
    this.render();
  }

  #arrived(message) {
    if (message.message_id === this.awaited) {
      this.awaited = null;
      location.hash = `#/conversation/${keyOf(homeOf(message))}`;
    }
    this.notifier.tell(message);
    this.arrivals = (this.arrivals ?? 0) + 1;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      const { person } = ends(message);
      const what = message.direction === "inbound" ? `${person} replied` : `To ${person}`;
      const one = `${what}: ${(message.body ?? "").slice(0, 200)}`;
      say(this.arrivals > 1 ? `${this.arrivals} new messages. ${one}` : one);
      this.arrivals = 0;
    }, 300);
  }
}

/** A part of an address; one that is not well-formed names nothing. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

new Page().start();

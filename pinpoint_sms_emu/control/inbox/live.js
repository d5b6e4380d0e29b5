/* Keeps a store in step with the emulator: loads what there is, and follows the stream. */

import { ask, openStream } from "./api.js";

const RETRY_SECONDS = 2;
// Browsers open six connections to a server: a hidden tab gives up its own after a while.
const HIDDEN_SECONDS = 300;
// How many messages are loaded at first, before they are shown; then at a time; and by themselves.
const FIRST_MESSAGES = 500;
const MESSAGES_AT_ONCE = 2000;
const MAX_MESSAGES = 20_000;
const CALLS_AT_ONCE = 1000;

/** What messages and calls have in common; subclasses say how all entries are read. */
class Live {
  /**
   * `changed` is called with the state of the connection (loading, live or broken), `arrived` with
   * each new entry, `cleared` when the emulator has removed some or all of them.
   */
  constructor(path, store, { changed, arrived = () => {}, cleared = () => {} }) {
    Object.assign(this, { path, store, changed, arrived, cleared });
    // Counts the loads: the responses of an earlier one are ignored.
    this.generation = 0;
    // The changes that arrive during a load; null at other times.
    this.meanwhile = null;
    document.addEventListener("visibilitychange", () => this.#pauseOrResume());
  }

  start() {
    this.stop();
    this.stream = openStream(`${this.path}/stream`, this.members);
    this.stream.addEventListener("open", () => this.load());
    this.stream.addEventListener("reset", () => {
      this.cleared();
      this.load();
    });
    this.stream.addEventListener("message", ({ data }) => this.#take(JSON.parse(data)));
    this.stream.addEventListener("error", () => {
      this.generation += 1;
      this.changed("broken");
      // The browser reconnects by itself, unless the server refused the request.
      if (this.stream?.readyState === EventSource.CLOSED) this.#startLater();
    });
  }

  stop() {
    clearTimeout(this.later);
    this.generation += 1;
    this.stream?.close();
    this.stream = null;
  }

  /** Load the entries; they replace those of the store. */
  async load() {
    this.meanwhile = [];
    this.generation += 1;
    const { generation } = this;
    try {
      await this.read(() => generation === this.generation);
    } catch (refusal) {
      if (generation !== this.generation) return;
      // The last entry that was read has been removed meanwhile.
      if (refusal.status === 404) this.load();
      else this.#startLater();
    }
  }

  /** Take the changes that have arrived during a load: all is up to date then. */
  catchUp() {
    const { meanwhile } = this;
    this.meanwhile = null;
    this.changed("live");
    for (const entry of meanwhile ?? []) this.#take(entry);
  }

  #take(entry) {
    if (this.meanwhile) this.meanwhile.push(entry);
    else if (this.store.put(entry)) this.arrived(entry);
  }

  #startLater() {
    this.changed("broken");
    clearTimeout(this.later);
    this.later = setTimeout(() => this.start(), RETRY_SECONDS * 1000);
  }

  #pauseOrResume() {
    clearTimeout(this.pause);
    if (document.hidden && this.stream) {
      this.pause = setTimeout(() => {
        this.isPaused = true;
        this.stop();
      }, HIDDEN_SECONDS * 1000);
    } else if (!document.hidden && this.isPaused) {
      this.isPaused = false;
      this.start();
    }
  }
}

/** Loads the latest messages and shows them at once; the older ones follow, up to a number. */
export class LiveMessages extends Live {
  members = { events: false };

  constructor(store, told) {
    super("messages", store, told);
    this.isReading = true;
  }

  async read(isWanted) {
    this.isReading = true;
    const page = await this.#page(FIRST_MESSAGES);
    if (!isWanted()) return;
    this.store.clear();
    this.#add(page, FIRST_MESSAGES);
    this.catchUp();
    await this.readOlder(MAX_MESSAGES, isWanted);
  }

  /** Load older messages until there are `most`, or until `isEnough`. */
  async readOlder(most, isWanted, isEnough = () => false) {
    this.isReading = true;
    while (isWanted() && !this.store.isComplete && this.store.size < most && !isEnough()) {
      const page = await this.#page(MESSAGES_AT_ONCE, this.last);
      if (!isWanted()) return;
      this.#add(page, MESSAGES_AT_ONCE);
    }
    if (!isWanted()) return;
    this.isReading = false;
    this.changed("live");
  }

  /** Load more than are loaded by themselves. */
  async loadMore(isEnough) {
    const { generation } = this;
    const most = isEnough ? Infinity : this.store.size + MAX_MESSAGES;
    try {
      await this.readOlder(most, () => generation === this.generation, isEnough);
    } catch {
      this.load();
    }
  }

  #page(limit, after) {
    return ask("GET", "messages", { ...this.members, order: "newest", limit, after });
  }

  #add({ messages, total }, limit) {
    this.last = messages.at(-1)?.message_id ?? this.last;
    this.store.isComplete = messages.length < limit;
    this.left = total - messages.length;
    this.store.addOlder(messages);
  }
}

/** Loads all calls: the emulator keeps 10,000 unless it is told otherwise. */
export class LiveCalls extends Live {
  members = {};

  constructor(store, told) {
    super("calls", store, told);
  }

  async read(isWanted) {
    const all = [];
    let page;
    do {
      const after = all.at(-1)?.request_id;
      page = await ask("GET", "calls", { limit: CALLS_AT_ONCE, after });
      if (!isWanted()) return;
      all.push(...page.calls);
    } while (page.calls.length === CALLS_AT_ONCE);
    this.store.replace(all);
    this.catchUp();
  }
}

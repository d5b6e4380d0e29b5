/* Keeps the store as the emulator has it: all messages first, then each change as it happens. */

import { ask, openStream } from "./api.js";

const PAGE = 5000;
const PAUSE_SECONDS = 2;
// A browser has six connections to a server: tabs that nobody looks at let go of theirs.
const HIDDEN_SECONDS = 300;

export class Live {
  /** `tell` hears of the connection: loading, live or broken; `arrived` of each new message. */
  constructor(store, { tell, arrived }) {
    this.store = store;
    this.tell = tell;
    this.arrived = arrived;
    // Counts beginnings: what an earlier one still loads is of no use.
    this.generation = 0;
    // What changes while all is loaded; null when nothing is.
    this.meanwhile = null;
    document.addEventListener("visibilitychange", () => this.#sleepOrWake());
  }

  start() {
    this.stream?.close();
    this.stream = openStream();
    this.stream.addEventListener("open", () => this.load());
    this.stream.addEventListener("reset", () => {
      this.store.clear();
      this.load();
    });
    this.stream.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    this.stream.addEventListener("error", () => {
      this.generation += 1;
      this.tell("broken");
      // The browser tries again by itself, unless it was refused.
      if (this.stream.readyState === EventSource.CLOSED) this.#startLater();
    });
  }

  /** Read all messages; what was there before gives way to them at once. */
  async load() {
    this.generation += 1;
    const { generation } = this;
    this.meanwhile = [];
    const isFirst = this.store.messages.size === 0;
    const all = [];
    let last, page;
    try {
      do {
        page = await ask("GET", "messages", { events: false, limit: PAGE, after: last });
        if (generation !== this.generation) return;
        last = page.messages.at(-1)?.message_id;
        if (isFirst) for (const message of page.messages) this.store.put(message);
        else all.push(...page.messages);
        this.tell("loading", this.store.messages.size + page.total - page.messages.length);
      } while (page.messages.length === PAGE);
    } catch (refusal) {
      if (generation !== this.generation) return;
      // The last one that was read has left meanwhile.
      if (refusal.status === 404) this.load();
      else this.#startLater();
      return;
    }
    if (!isFirst) this.store.replace(all);
    const { meanwhile } = this;
    this.meanwhile = null;
    this.tell("live");
    for (const message of meanwhile) this.#hear(message);
  }

  #hear(message) {
    if (this.meanwhile) this.meanwhile.push(message);
    else if (this.store.put(message)) this.arrived(message);
  }

  #startLater() {
    this.tell("broken");
    clearTimeout(this.later);
    this.later = setTimeout(() => this.start(), PAUSE_SECONDS * 1000);
  }

  #sleepOrWake() {
    clearTimeout(this.bedtime);
    if (document.hidden) {
      this.bedtime = setTimeout(() => {
        this.isAsleep = true;
        this.stream.close();
      }, HIDDEN_SECONDS * 1000);
    } else if (this.isAsleep) {
      this.isAsleep = false;
      this.start();
    }
  }
}

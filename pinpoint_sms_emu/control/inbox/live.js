/* Keeps a store in step with the emulator: loads everything, then follows the stream. */

import { ask, openStream } from "./api.js";

const RETRY_SECONDS = 2;
// Browsers open six connections to a server: a hidden tab gives up its own after a while.
const HIDDEN_SECONDS = 300;

/** What is followed, where it is listed, and by how many entries at a time. */
export const MESSAGES = {
  path: "messages",
  entries: "messages",
  id: "message_id",
  members: { events: false },
  limit: 5000,
};
export const CALLS = {
  path: "calls",
  entries: "calls",
  id: "request_id",
  members: {},
  limit: 1000,
};

export class Live {
  /**
   * `changed` is called with the state of the connection (loading, live or broken), `arrived` with
   * each new entry, `cleared` when the emulator has removed all of them.
   */
  constructor(source, store, { changed, arrived = () => {}, cleared = () => {} }) {
    Object.assign(this, { source, store, changed, arrived, cleared });
    // Counts the loads: the responses of an earlier one are ignored.
    this.generation = 0;
    // The changes that arrive during a load; null at other times.
    this.meanwhile = null;
    document.addEventListener("visibilitychange", () => this.#pauseOrResume());
  }

  start() {
    this.stop();
    const { path, members } = this.source;
    this.stream = openStream(`${path}/stream`, members);
    this.stream.addEventListener("open", () => this.load());
    this.stream.addEventListener("reset", () => {
      this.store.clear();
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

  /** Load all entries; they replace those of the store. */
  async load() {
    this.generation += 1;
    const { generation } = this;
    const { path, entries, id, members, limit } = this.source;
    this.meanwhile = [];
    const isFirst = this.store.size === 0;
    const all = [];
    let last, page;
    try {
      do {
        page = await ask("GET", path, { ...members, limit, after: last });
        if (generation !== this.generation) return;
        last = page[entries].at(-1)?.[id];
        if (isFirst) for (const entry of page[entries]) this.store.put(entry);
        else all.push(...page[entries]);
        this.changed("loading", this.store.size + page.total - page[entries].length);
      } while (page[entries].length === limit);
    } catch (refusal) {
      if (generation !== this.generation) return;
      // The last entry that was read has been removed meanwhile.
      if (refusal.status === 404 && last) this.load();
      else this.#startLater();
      return;
    }
    if (!isFirst) this.store.replace(all);
    const { meanwhile } = this;
    this.meanwhile = null;
    this.changed("live");
    for (const entry of meanwhile) this.#take(entry);
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

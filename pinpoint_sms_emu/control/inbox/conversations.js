/* The list of conversations: recipient, number, latest message, and how many are unread. */

import { preview } from "./contents.js";
import { $, aside, h, marked } from "./dom.js";
import { channel, many, mood, when, words } from "./format.js";
import { listKeys } from "./list_keys.js";
import { Windowed } from "./windowed.js";

export class Conversations {
  constructor(page) {
    this.page = page;
    this.scroller = $("#conversations-scroller");
    this.list = $("#conversations");
    this.windowed = new Windowed(this.scroller, this.list, {
      guess: 84,
      key: ({ conversation }) => conversation.key,
      signature: (entry) => this.#signature(entry),
      draw: (entry) => this.#draw(entry),
    });
    listKeys(this.windowed, $("#search"));
  }

  /** Show these conversations, each with its latest matching message. */
  show(entries) {
    const places = entries.map(({ conversation: it }) => `${it.account_id} ${it.region}`);
    this.several = new Set(places).size > 1;
    this.windowed.set(entries);
    const { store, filters } = this.page;
    const isEmpty = store.messages.size === 0;
    $("#nothing-found").hidden = entries.length > 0 || isEmpty;
    const found = entries.reduce((sum, entry) => sum + entry.matches, 0);
    $("#found").textContent = filters.query
      ? `${many(found, "message")} in ${many(entries.length, "conversation")}`
      : "";
  }

  #signature({ conversation, message }) {
    const { filters, open, now } = this.page;
    return [
      message.message_id,
      message.version,
      conversation.unread,
      open === conversation.key,
      filters.query,
      this.#place(conversation),
      now().toDateString(),
    ].join("\n");
  }

  /** Account and Region, where the conversations differ in them. */
  #place({ account_id, region }) {
    if (!this.several) return "";
    const { filters } = this.page;
    return [!filters.account && account_id, !filters.region && region].filter(Boolean).join(" · ");
  }

  #draw({ conversation, message }) {
    const { filters, open, now } = this.page;
    const { key, person, number, unread } = conversation;
    const said = preview(message);
    const isBad = mood(message.status) === "bad";
    return h(
      "li",
      {},
      h(
        "a",
        {
          class: "conversation",
          href: `#/conversation/${key}`,
          "aria-current": open === key ? "true" : null,
        },
        h(
          "span",
          { class: "line" },
          h("strong", { class: "who" }, ...marked(person, filters.query)),
          h("time", { class: "quiet", datetime: message.created }, when(message.at, now())),
        ),
        h(
          "span",
          { class: "line" },
          h(
            "span",
            { class: "said" },
            message.direction === "inbound" ? h("span", { class: "quiet" }, "You: ") : null,
            h("bdi", {}, ...marked(snippet(said, filters.query), filters.query)),
          ),
          unread
            ? h("span", { class: "unread" }, String(unread > 999 ? "999+" : unread), aside(" unread"))
            : null,
        ),
        h(
          "span",
          { class: "line quiet" },
          h("span", { class: "via" }, `via ${number}`),
          isBad ? h("span", { class: "status bad" }, words(message.status)) : null,
          message.channel === "text" ? null : h("span", { class: "tag" }, channel(message.channel)),
        ),
        this.#place(conversation)
          ? h("span", { class: "line quiet place-line" }, this.#place(conversation))
          : null,
      ),
    );
  }
}

/** The part of a text around what was searched for. */
function snippet(text, query) {
  const at = query ? text.toLowerCase().indexOf(query) : -1;
  return at > 30 ? `…${text.slice(at - 20, at + 180)}` : text.slice(0, 200);
}

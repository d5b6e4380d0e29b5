/* Whether the person of the open conversation has opted out, when, and how. */

import { ask } from "./api.js";
import { $, h } from "./dom.js";
import { exact } from "./format.js";

export class OptOut {
  constructor(page) {
    this.page = page;
    this.place = $("#opted-out");
  }

  /** Show what is known of a conversation; it is asked for anew where messages have come. */
  show(conversation) {
    const state = conversation && `${conversation.key} ${conversation.messages.length}`;
    if (state === this.state) return;
    if (this.key !== conversation?.key) this.place.hidden = true;
    this.state = state;
    this.key = conversation?.key;
    this.refresh();
  }

  /** Ask again: a call may have opted the person out or in. */
  async refresh() {
    const { conversation } = this.page;
    if (!conversation || this.page.view !== "messages") return;
    const { key, person, number, account_id, region } = conversation;
    const query = { recipient: person, sender: number, account_id, region };
    const found = await ask("GET", "opt-outs", query).catch(() => null);
    if (this.key !== key || !found) return;
    const [optOut] = found.opt_outs;
    this.place.hidden = !optOut;
    if (optOut) this.#draw(optOut);
  }

  #draw(optOut) {
    const { opted_out_number: person, opt_out_list_name: list, opted_out_timestamp: at } = optOut;
    const text = `${person} opted out on ${exact(new Date(at))} ${this.#how(optOut)}, on the opt-out list `;
    const said = `${text}${list}`;
    if (this.place.dataset.said === said) return;
    this.place.dataset.said = said;
    this.place.replaceChildren(
      text,
      h("a", { href: `#/resources/opt-out-list/${encodeURIComponent(list)}` }, list),
      ". Messages to this number are refused. ",
      ...this.#link(optOut),
    );
  }

  #how({ message_id: id, end_user_opted_out: isOwn }) {
    const message = this.page.store.messages.get(id);
    if (message) return `with the message “${(message.body ?? "").slice(0, 40)}”`;
    return isOwn ? "with a message" : "through the API";
  }

  #link({ message_id: message, request_id: request }) {
    if (this.page.store.messages.has(message)) {
      return [h("a", { href: `#/message/${encodeURIComponent(message)}` }, "Show the message")];
    }
    if (!request) return [];
    return [h("a", { href: `#/calls/${encodeURIComponent(request)}` }, "Show the API call")];
  }
}

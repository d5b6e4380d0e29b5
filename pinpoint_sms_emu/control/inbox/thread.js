/* The open conversation, as the recipient's phone shows it. One can reply as the recipient. */

import { address, ask } from "./api.js";
import { drawContents, drawSuggestions, hasCards } from "./contents.js";
import { $, aside, copy, h, icon, say, toast } from "./dom.js";
import { channel, day, dollars, exact, isPicture, many, mood, time, words } from "./format.js";
import { Windowed } from "./windowed.js";

export class Thread {
  constructor(page) {
    this.page = page;
    this.scroller = $("#thread-scroller");
    this.windowed = new Windowed(this.scroller, $("#thread"), {
      guess: 92,
      key: (message) => message.message_id,
      signature: (message, index) => this.#signature(message, index),
      draw: (message, index) => this.#draw(message, index),
      stick: true,
    });
    this.form = $("#answer");
    this.field = $("#answer-body");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#answer();
    });
    this.field.addEventListener("input", () => this.#grow());
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    $("#to-end").addEventListener("click", () => {
      this.windowed.toEnd();
      this.scroller.focus({ preventScroll: true });
    });
    this.scroller.addEventListener("scroll", () => this.#offerEnd(), { passive: true });
  }

  /** Show a conversation, or its changes; null when none is open. */
  show(conversation) {
    const isFresh = conversation?.key !== this.shown?.key;
    const grew = conversation && !isFresh && conversation.messages.length - this.count;
    const wasAtEnd = this.windowed.isAtEnd;
    this.shown = conversation;
    this.count = conversation?.messages.length ?? 0;
    if (!conversation) return;
    if (isFresh) this.#begin(conversation);
    this.windowed.set(conversation.messages, { fresh: isFresh });
    if (isFresh) this.#showMatch(conversation);
    this.#reveal();
    if (grew > 0 && !wasAtEnd) $("#to-end").dataset.news = "true";
    this.#offerEnd();
    if (!document.hidden) this.page.store.read(conversation);
  }

  #begin({ person, number, account_id, region, channels }) {
    $("#person").textContent = person;
    $("#via").textContent = `via ${number} · ${account_id} · ${region}`;
    // Recipients can reply to numbers and RCS agents, not to sender IDs.
    const canAnswer = /^\+?\d+$/.test(number) || channels.has("rcs");
    this.form.hidden = !canAnswer;
    $("#no-answer").hidden = canAnswer;
    this.field.value = "";
    this.field.setAttribute("placeholder", `Reply as ${person}`);
    this.#grow();
    this.#refuse("");
    delete $("#to-end").dataset.news;
  }

  /** Scroll to the latest message that search has found. */
  #showMatch({ messages }) {
    const { query } = this.page.filters;
    const match = query && messages.findLast((message) => message.folded.includes(query));
    if (match) this.windowed.reveal(match.message_id, { middle: true });
  }

  /** Scroll to the message that an address names. */
  #reveal() {
    const { revealNext: id } = this.page;
    if (!id || !this.shown.messages.some((message) => message.message_id === id)) return;
    this.page.revealNext = null;
    this.windowed.reveal(id, { middle: true });
  }

  #signature(message, index) {
    return [
      message.version,
      this.page.selected === message.message_id,
      this.page.selected === message.fallen_back_to?.message_id,
      this.page.settings.s3_endpoint_url,
      this.page.filters.query,
      this.#isNewDay(message, index),
    ].join("\n");
  }

  #isNewDay(message, index) {
    const before = this.shown.messages[index - 1];
    return !before || before.at.toDateString() !== message.at.toDateString();
  }

  #draw(message, index) {
    const isAnswer = message.direction === "inbound";
    return h(
      "li",
      { class: isAnswer ? "message mine" : "message" },
      this.#isNewDay(message, index) ? h("div", { class: "day" }, day(message.at)) : null,
      this.#bubble(message),
      drawSuggestions(message.rcs_message_content?.Suggestions, (action) => this.#tap(message, action)),
      ...(isAnswer ? [] : message.codes.map(codeButton)),
      this.#facts(message),
      ...(message.fallen_back_to ? this.#fallback(message.fallen_back_to, message) : []),
    );
  }

  #bubble(message) {
    const isAnswer = message.direction === "inbound";
    const shown = {
      query: this.page.filters.query,
      tap: (action) => this.#tap(message, action),
      source: (url) => this.#source(message, url),
      resized: () => this.windowed.render(),
    };
    return h(
      "div",
      {
        class: hasCards(message) ? "bubble wide" : "bubble",
        onclick: ({ target }) => {
          const isControl = target.closest("a, button, summary, pre") || !getSelection().isCollapsed;
          if (!isControl) this.#select(message.message_id);
        },
      },
      aside(isAnswer ? `${message.sender} replied: ` : `${message.sender} wrote: `),
      ...drawContents(message, shown),
    );
  }

  /** What was sent because an RCS message did not arrive: its text only where it is another. */
  #fallback(fallback, original) {
    const isOther = fallback.body !== original.body || fallback.media_urls?.length;
    const codes = fallback.codes.filter((code) => !original.codes.includes(code));
    return [
      h("p", { class: "quiet fallback" }, `Sent as ${channel(fallback.channel)} from ${fallback.sender} instead`),
      ...(isOther ? [this.#bubble(fallback)] : []),
      ...codes.map(codeButton),
      this.#facts(fallback),
    ];
  }

  /** The address of a picture, where the emulator was told where S3 is. */
  #source({ message_id: id }, url) {
    const canRead = this.page.settings.s3_endpoint_url && url.startsWith("s3://") && isPicture(url);
    return canRead ? address(`messages/${encodeURIComponent(id)}/media`, { url }) : null;
  }

  #select(id) {
    this.page.select(this.page.selected === id ? null : id);
  }

  #facts(message) {
    const { message_id: id, parts, price, status, feedback } = message;
    const facts = [
      h("time", { datetime: message.created, title: exact(message.at) }, time(message.at)),
      message.channel === "text" ? null : channel(message.channel),
      parts > 1 ? many(parts, "part") : null,
      price ? dollars(price) : null,
      h("span", { class: `status ${mood(status)}` }, words(status)),
      feedback ? `feedback ${feedback.toLowerCase()}` : null,
      message.fallback_of && !message.original ? "SMS fallback of an RCS message" : null,
    ].filter(Boolean);
    const isSelected = this.page.selected === id;
    return h(
      "button",
      {
        class: "facts",
        type: "button",
        "aria-expanded": String(isSelected),
        "aria-controls": "details",
        onclick: () => this.#select(id),
      },
      ...facts.flatMap((fact, place) => (place ? [" · ", fact] : [fact])),
      aside(", details"),
    );
  }

  async #answer() {
    const { person, number, account_id, region } = this.shown;
    const body = this.field.value;
    if (!body.trim()) return;
    try {
      const answer = { sender: person, recipient: number, body, account_id, region };
      announce(await ask("POST", "inbound", answer));
    } catch (refusal) {
      this.#refuse(refusal.message);
      return;
    }
    this.#refuse("");
    this.field.value = "";
    this.#grow();
    this.windowed.toEnd();
  }

  /** Tap a suggestion as the recipient. */
  async #tap({ recipient, account_id, region }, { Text: text, PostbackData: postback_data }) {
    const suggestion = { text, postback_data };
    try {
      await ask("POST", "inbound", {
        sender: recipient,
        recipient: this.shown.number,
        suggestion,
        account_id,
        region,
      });
      this.#refuse("");
      this.windowed.toEnd();
      toast(`Tapped ${text}`);
    } catch (refusal) {
      this.#refuse(refusal.message);
    }
  }

  #refuse(sentence) {
    const place = $("#answer-refused");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(160, this.field.scrollHeight + 2)}px`;
  }

  #offerEnd() {
    const button = $("#to-end");
    if (this.windowed.isAtEnd) delete button.dataset.news;
    button.hidden = this.windowed.isAtEnd;
    $("#to-end-label").textContent = button.dataset.news ? "New messages" : "Jump to latest";
  }
}

const DONE = {
  OPT_OUT: "opted out. Further messages to this recipient are refused",
  OPT_IN: "opted in again",
  AUTOMATIC_RESPONSE: "automatic response sent",
};

/** What the service did with a keyword, in words; nothing where there was none. */
export function announcement({ keyword, action }) {
  if (!keyword) return null;
  return `${keyword}: ${DONE[action] ?? "passed on to your app, which manages opt-outs itself"}`;
}

/** Say what the service did with a keyword: an opt-out would not be visible otherwise. */
export function announce(received) {
  const said = announcement(received);
  if (said) toast(said);
  else say("Sent");
}

function codeButton(code) {
  return h(
    "button",
    { class: "code", type: "button", onclick: () => copy(code) },
    icon("copy"),
    h("span", {}, aside("Copy "), code),
  );
}

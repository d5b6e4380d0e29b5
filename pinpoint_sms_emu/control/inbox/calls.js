/* The Calls view: every API call, newest first, and the one that is open. */

import { LiveCalls } from "./live.js";
import { drawCall } from "./call.js";
import { CallStore, isAnswered, outcome, searchable } from "./call_store.js";
import { $, fill, h, marked, perFrame } from "./dom.js";
import { exact, many, number, when } from "./format.js";
import { listKeys } from "./list_keys.js";
import { Windowed } from "./windowed.js";

export class Calls {
  constructor(page) {
    this.page = page;
    this.filters = { query: "", outcome: "", operation: "" };
    this.open = null; // a request id
    this.render = perFrame(() => this.#render());
    this.store = new CallStore(() => this.render());
    this.live = new LiveCalls(this.store, {
      changed: (state) => {
        this.isLoaded ||= state === "live";
        this.render();
      },
    });
    this.windowed = new Windowed($("#calls-scroller"), $("#calls"), {
      guess: 62,
      key: (call) => call.request_id,
      signature: (call) => this.#signature(call),
      draw: (call) => this.#draw(call),
    });
    $("#calls-search").addEventListener("input", ({ target }) => {
      this.filters.query = target.value.trim().toLowerCase();
      this.render();
    });
    for (const name of ["outcome", "operation"]) {
      $(`#calls-${name}`).addEventListener("change", ({ target }) => {
        this.filters[name] = target.value;
        this.render();
      });
    }
    listKeys(this.windowed, $("#calls-search"));
  }

  /** Show the view; `rest` is the address behind #/calls: nothing, ID, or message/ID. */
  show([first, second]) {
    const before = this.open;
    this.open = first === "message" ? null : first || null;
    this.awaitedMessage = first === "message" ? second : null;
    if (!this.isShown) this.live.start();
    this.isShown = true;
    this.render();
    if (this.open && this.open !== before) this.focusHeading = true;
  }

  /** Leave the view, and the connection that it holds. */
  hide() {
    if (this.isShown) this.live.stop();
    this.isShown = false;
  }

  /** Load the calls again: the emulator removes them without an event. */
  reload() {
    if (this.isShown) this.live.load();
    else this.store.clear();
  }

  #render() {
    if (!this.isShown) return;
    this.#findAwaited();
    this.page.offerPlaces();
    const operations = new Set();
    for (const call of this.store.calls.values()) if (call.operation) operations.add(call.operation);
    fill($("#calls-operation"), [
      ["", "All operations"],
      ...[...operations].sort().map((name) => [name, name]),
    ]);
    this.filters.operation = $("#calls-operation").value;
    const found = this.store.newest((call) => this.#fits(call));
    this.windowed.set(found);
    const isEmpty = this.store.size === 0;
    $("#calls-none").hidden = !isEmpty || !this.isLoaded;
    $("#calls-nothing-found").hidden = isEmpty || found.length > 0;
    const refused = found.filter((call) => !isAnswered(call)).length;
    $("#calls-found").textContent = found.length
      ? `${many(found.length, "call")}, ${number(refused)} refused`
      : "";
    this.#renderOpen();
  }

  #fits(call) {
    const { account, region } = this.page.filters;
    const { query, operation, outcome: wanted } = this.filters;
    if (account && call.account_id !== account) return false;
    if (region && call.region !== region) return false;
    if (operation && call.operation !== operation) return false;
    if (wanted && isAnswered(call) !== (wanted === "answered")) return false;
    return !query || searchable(call).includes(query);
  }

  /** Open the call that sent a message, once the calls are loaded. */
  #findAwaited() {
    if (!this.awaitedMessage || !this.isLoaded) return;
    const call = this.store.byMessage.get(this.awaitedMessage);
    if (call) location.replace(`#/calls/${encodeURIComponent(call.request_id)}`);
  }

  #renderOpen() {
    const call = this.store.calls.get(this.open);
    const isSought = Boolean(this.open ?? this.awaitedMessage);
    const isMissing = isSought && !call && this.isLoaded && !this.live.meanwhile;
    $("#call-none-open").hidden = Boolean(call) || isMissing;
    $("#call-missing").hidden = !isMissing;
    $("#call-open").hidden = !call;
    if (!call || this.drawn === call) return;
    this.drawn = call;
    $("#call-open").replaceChildren(...drawCall(call));
    $("#call-panel").scrollTop = 0;
    if (this.focusHeading && this.page.isNarrow) $("#call-heading").focus();
    this.focusHeading = false;
  }

  #signature(call) {
    return [this.open === call.request_id, this.filters.query, this.page.now().toDateString()].join();
  }

  #draw(call) {
    const { query } = this.filters;
    const to = call.parameters?.DestinationPhoneNumber;
    return h(
      "li",
      {},
      h(
        "a",
        {
          class: "conversation",
          href: `#/calls/${encodeURIComponent(call.request_id)}`,
          "aria-current": this.open === call.request_id ? "true" : null,
        },
        h(
          "span",
          { class: "line" },
          h("strong", { class: "who" }, ...marked(call.operation ?? "Unknown operation", query)),
          h(
            "time",
            { class: "quiet", datetime: call.at, title: exact(call.time) },
            when(call.time, this.page.now()),
          ),
        ),
        h(
          "span",
          { class: "line quiet" },
          h(
            "span",
            { class: `status outcome ${isAnswered(call) ? "good" : "bad"}` },
            ...marked(outcome(call), query),
          ),
          to ? h("span", { class: "via end" }, ...marked(String(to), query)) : null,
        ),
      ),
    );
  }
}

/* The emulator's clock in the header: what time it is, and how it is moved. */

import { ask } from "./api.js";
import { $, toast } from "./dom.js";
import { exact, span, time, UNITS } from "./format.js";

/** The emulator's clock: it can be advanced and stopped. */
export class Clock {
  constructor(page) {
    this.page = page;
    this.ahead = 0; // milliseconds, of the browser's clock
    this.frozen = null;
    for (const button of document.querySelectorAll("[data-advance]")) {
      button.addEventListener("click", () =>
        this.#move({ advance_seconds: Number(button.dataset.advance) }),
      );
    }
    $("#advance").addEventListener("submit", (event) => {
      event.preventDefault();
      const count = $("#advance-count").valueAsNumber;
      this.#move({ advance_seconds: count * UNITS[$("#advance-unit").value] });
    });
    $("#clock-stop").addEventListener("click", () => this.#move({ freeze_at: "now" }));
    $("#clock-resume").addEventListener("click", () => this.#move({ resume: true }));
    // Before it is visible, or its lines would appear a second late.
    $("#clock").addEventListener("beforetoggle", () => this.#showMore());
    setInterval(() => this.#show(), 1000);
  }

  now() {
    return this.frozen ?? new Date(Date.now() + this.ahead);
  }

  /** Take the time that the emulator has reported. */
  take({ now, frozen, offset_seconds: offset }) {
    this.frozen = frozen ? new Date(now) : null;
    this.ahead = new Date(now) - Date.now();
    this.offset = offset;
    this.#show();
  }

  async #move(how) {
    try {
      this.take(await ask("POST", "clock", how));
      this.page.render();
      this.page.refresh();
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  }

  get #isMoved() {
    return Math.abs(this.offset ?? 0) >= 1;
  }

  /** How the clock runs, in words. */
  standing() {
    if (this.frozen) return "Stopped.";
    if (!this.#isMoved) return "Follows the system's time.";
    return `Runs ${span(this.offset)} ${this.offset > 0 ? "ahead of" : "behind"} the system's time.`;
  }

  #show() {
    const now = this.now();
    const isOtherDay = now.toDateString() !== new Date().toDateString();
    const date = now.toLocaleDateString([], { day: "numeric", month: "short" });
    write("#clock-date", isOtherDay ? date : "");
    write("#clock-time", time(now));
    const moved = this.#isMoved ? "moved" : "";
    $("#clock-button").dataset.state = this.frozen ? "stopped" : moved;
    if ($("#clock").matches(":popover-open")) this.#showMore();
  }

  /** The lines of the popover. */
  #showMore() {
    const now = this.now();
    write("#clock-now", exact(now));
    write("#clock-utc", now.toISOString().replace(/\.\d+/, ""));
    write("#clock-state", this.standing());
    $("#clock-stop").hidden = Boolean(this.frozen);
    $("#clock-resume").hidden = !this.#isMoved && !this.frozen;
  }
}

/** Set a text if it differs: each change has a cost. */
function write(selector, text) {
  const place = $(selector);
  if (place.textContent !== text) place.textContent = text;
}

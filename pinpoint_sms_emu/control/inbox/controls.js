/* The Controls view: everything that a test can arrange, for people. */

import { $, h, toast } from "./dom.js";
import { clockControl } from "./control_clock.js";
import { faults } from "./control_faults.js";
import { numbers } from "./control_numbers.js";
import { outcomesControl } from "./control_outcomes.js";
import { receiving } from "./control_receive.js";
import { registrations } from "./control_registrations.js";
import { resetting } from "./control_reset.js";
import { sending } from "./control_send.js";
import { settings } from "./control_settings.js";
import { testers } from "./control_testers.js";
import { RefreshedView } from "./refreshed_view.js";

// By the name in the address: each makes its title, its explanation, its elements and `refresh`.
const CONTROLS = {
  send: sending,
  receive: receiving,
  outcomes: outcomesControl,
  faults,
  clock: clockControl,
  numbers,
  registrations,
  testers,
  settings,
  reset: resetting,
};
const FIRST = "send";

export class Controls extends RefreshedView {
  constructor(page) {
    super(page);
    this.made = new Map();
  }

  /** Show a control. */
  show([name]) {
    this.name = Object.hasOwn(CONTROLS, name ?? "") ? name : FIRST;
    if (name && name !== this.name) toast(`There is no control called ${name}.`, "bad");
    this.#draw();
    super.show();
  }

  async read() {
    if (!document.hidden) await this.#control(this.name).refresh?.();
  }

  #control(name) {
    if (!this.made.has(name)) this.made.set(name, CONTROLS[name](this.page));
    return this.made.get(name);
  }

  #draw() {
    const { title, text, elements } = this.#control(this.name);
    $("#controls-title").textContent = title;
    $("#controls-text").textContent = text;
    $("#controls").replaceChildren(...elements);
    $("#controls-kinds").replaceChildren(
      ...Object.keys(CONTROLS).map((name) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: `#/controls/${name}`, "aria-current": name === this.name ? "page" : null },
            h("span", {}, this.#control(name).title),
          ),
        ),
      ),
    );
    $("#controls-kinds [aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
    $("#controls-view .kind").scrollTop = 0;
  }
}

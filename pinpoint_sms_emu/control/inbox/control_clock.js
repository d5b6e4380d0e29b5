/* The clock: move it forward, set it, stop it. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { exact, span, UNITS } from "./format.js";
import { actionButton, Form } from "./forms.js";

const STEPS = [
  ["1 minute", 60],
  ["1 hour", 3600],
  ["1 day", 86_400],
  ["30 days", 2_592_000],
];

export function clockControl(page) {
  const now = h("strong", {});
  const utc = h("span", { class: "quiet" });
  const standing = h("p", { class: "quiet" });
  const refused = h("p", { class: "refused", role: "alert", hidden: true });
  const move = async (how) => {
    try {
      page.clock.take(await ask("POST", "clock", how));
      refused.hidden = true;
      show();
    } catch (refusal) {
      refused.textContent = refusal.message;
      refused.hidden = false;
    }
  };
  const show = () => {
    const at = page.clock.now();
    now.textContent = exact(at);
    utc.textContent = ` ${at.toISOString().replace(/\.\d+/, "")}`;
    standing.textContent = page.clock.standing();
  };
  const advance = new Form({
    label: "Move the clock forward",
    action: "Move forward",
    fields: [
      { name: "count", label: "By", type: "number", min: 0, step: "any", value: "15", required: true },
      {
        name: "unit",
        label: "Unit",
        options: Object.keys(UNITS).map((name) => [name, name]),
      },
    ],
    run: async ({ count, unit }) => {
      const advance_seconds = count * UNITS[unit];
      await move({ advance_seconds });
      return refused.hidden ? `Moved forward by ${span(advance_seconds)}.` : null;
    },
  });
  advance.input("unit").value = "minutes";
  const set = new Form({
    label: "Set the clock",
    action: "Set",
    fields: [
      { name: "at", label: "Time (UTC)", type: "datetime-local", step: "1", required: true },
      { name: "stop", label: "Freeze the clock at this time", check: true },
    ],
    run: ({ at, stop }) => move(stop ? { freeze_at: `${at}Z` } : { set_to: `${at}Z` }),
  });
  return {
    title: "Clock",
    text: "Move the clock to run scheduled work at once, such as deliveries, reviews and deletions, or to start another month.",
    elements: [
      h("p", { class: "clock-now" }, now, utc),
      standing,
      refused,
      h(
        "div",
        { class: "buttons" },
        ...STEPS.map(([label, advance_seconds]) =>
          actionButton(`+ ${label}`, () => move({ advance_seconds })),
        ),
      ),
      advance.element,
      set.element,
      h(
        "div",
        { class: "buttons" },
        actionButton("Freeze the clock", () => move({ freeze_at: "now" })),
        actionButton("Use the system's time", () => move({ resume: true })),
      ),
    ],
    refresh: async () => {
      page.clock.take(await ask("GET", "clock"));
      show();
    },
  };
}

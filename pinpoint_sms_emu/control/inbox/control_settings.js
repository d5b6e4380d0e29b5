/* The settings that the emulator runs with. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { drawTable } from "./tables.js";

export function settings() {
  const place = h("div", { class: "control-list" });
  return {
    title: "Settings",
    text: "You choose the settings when you start the emulator: as options of serve, as environment variables, or in Python.",
    elements: [place],
    refresh: async () => {
      const values = Object.entries(await ask("GET", "settings"));
      place.replaceChildren(
        drawTable(
          "Settings",
          ["Setting", "Value"],
          values.map(([name, value]) => [
            h("th", { scope: "row" }, h("code", {}, name)),
            h("td", { class: "long" }, written(value)),
          ]),
        ),
      );
    },
  };
}

function written(value) {
  if (value === null) return h("span", { class: "quiet" }, "not set");
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value);
  if (!entries.length) return h("span", { class: "quiet" }, "none");
  const isList = Array.isArray(value);
  return h("ul", {}, ...entries.map(([name, each]) => h("li", {}, isList ? String(each) : `${name}: ${each}`)));
}

/* Tables. In a narrow window, each row is a list of titles and values instead. */

import { h } from "./dom.js";

/**
 * A table with a label: `titles` are texts or header cells, each of `rows` is a list of cells.
 *
 * The roles are given, because browsers drop those of cells that are not laid out as a table.
 */
export function drawTable(label, titles, rows) {
  const headers = titles.map((title) => (title instanceof Element ? title : h("th", { scope: "col" }, title)));
  const names = headers.map((header) => header.textContent);
  for (const header of headers) header.setAttribute("role", "columnheader");
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": label },
    h(
      "table",
      { role: "table" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...headers)),
      h("tbody", { role: "rowgroup" }, ...rows.map((cells) => drawRow(cells, names))),
    ),
  );
}

function drawRow(cells, names) {
  cells.forEach((cell, index) => {
    cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
    cell.dataset.title = names[index];
  });
  return h("tr", { role: "row" }, ...cells);
}

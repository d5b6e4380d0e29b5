/* The Report view: what was sent and what it costs, grouped by any of four members. */

import { address, ask } from "./api.js";
import { $, fill, h } from "./dom.js";
import { channel, country, dollars, many, number, words } from "./format.js";
import { RefreshedView } from "./refreshed_view.js";
import { drawTable } from "./tables.js";

// What messages can be grouped by, and how each is written.
const GROUPS = {
  country: { title: "Country", write: (value) => (value ? country(value) : "Unknown") },
  channel: { title: "Channel", write: channel },
  number_type: { title: "Number type", write: (value) => (value ? words(value) : "Other") },
  day: { title: "Day", write: (value) => value },
};

export class Report extends RefreshedView {
  constructor(page) {
    super(page);
    for (const box of document.querySelectorAll("#report-groups input")) {
      box.addEventListener("change", () => this.#draw());
    }
    $("#report-day").addEventListener("change", () => this.#draw());
  }

  async read() {
    if (document.hidden && this.report) return;
    const { account: account_id, region } = this.page.filters;
    const query = { account_id, region };
    $("#report-csv").href = address("report", { ...query, format: "csv" });
    this.report = await ask("GET", "report", query);
    this.#draw();
  }

  #draw() {
    if (!this.report || !this.isShown) return;
    const days = [...new Set(this.report.rows.map(({ day }) => day))].sort().reverse();
    fill($("#report-day"), [["", "All days"], ...days.map((day) => [day, day])]);
    const names = Object.keys(GROUPS).filter((name) => $(`#report-by-${name}`).checked);
    const chosen = $("#report-day").value;
    const rows = grouped(this.report.rows.filter(({ day }) => !chosen || day === chosen), names);
    const state = JSON.stringify([rows, names]);
    if (state === this.drawn) return;
    this.drawn = state;
    const total = sum(rows);
    $("#report-total").textContent = rows.length
      ? `${many(total.messages, "message")}, ${many(total.parts, "part")}, ${dollars(total.price)}`
      : "";
    $("#report-none").hidden = rows.length > 0;
    $("#report-rows").replaceChildren(...(rows.length ? [draw(rows, names, total)] : []));
  }
}

/** Add up the rows that are alike in what they are grouped by, the most expensive first. */
function grouped(rows, names) {
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(names.map((name) => row[name]));
    const group = groups.get(key) ?? { ...row, messages: 0, parts: 0, price: 0 };
    for (const name of ["messages", "parts", "price"]) group[name] += row[name];
    groups.set(key, group);
  }
  return [...groups.values()].sort((one, other) => other.price - one.price);
}

const sum = (rows) =>
  rows.reduce(
    (total, row) => ({
      messages: total.messages + row.messages,
      parts: total.parts + row.parts,
      price: total.price + row.price,
    }),
    { messages: 0, parts: 0, price: 0 },
  );

function draw(rows, names, total) {
  const counted = ["Messages", "Parts", "Cost"].map((name) =>
    h("th", { scope: "col", class: "amount" }, name),
  );
  return drawTable(
    "Rows of the report",
    [...names.map((name) => GROUPS[name].title), ...counted, "Share"],
    rows.map((row) => cells(row, names, total)),
  );
}

function cells(row, names, total) {
  const part = total.price ? row.price / total.price : 0;
  return [
    ...names.map((name) => h("td", {}, GROUPS[name].write(row[name]))),
    h("td", { class: "amount" }, number(row.messages)),
    h("td", { class: "amount" }, number(row.parts)),
    h("td", { class: "amount" }, dollars(row.price)),
    h("td", { class: "share" }, h("meter", { value: part, "aria-label": "Share of the cost" })),
  ];
}

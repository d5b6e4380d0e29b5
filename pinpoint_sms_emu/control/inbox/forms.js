/* Forms and lists of the Controls view, made from a description of their fields. */

import { ask } from "./api.js";
import { h, icon } from "./dom.js";
import { drawTable } from "./tables.js";

/**
 * A form. A field is `{ name, label, … }` with the attributes of its input, or with `options`
 * (pairs of value and label, or a function of them), `rows` (a longer text), `check` (a box).
 * `run` gets the members that were filled in; the text that it returns is shown.
 */
export class Form {
  constructor({ label, fields, action, run, changed = () => {} }) {
    this.run = run;
    this.fields = new Map(fields.map((field) => [field.name, drawField(field)]));
    this.answer = h("p", { class: "answer-text", role: "status" });
    this.refused = h("p", { class: "refused", role: "alert", hidden: true });
    this.element = h(
      "form",
      { class: "control-form", "aria-label": label, onsubmit: (event) => this.#submit(event) },
      h("div", { class: "control-fields" }, ...[...this.fields.values()].map(({ line }) => line)),
      h("div", { class: "buttons" }, h("button", { class: "button primary", type: "submit" }, action)),
      this.refused,
      this.answer,
    );
    this.element.addEventListener("input", () => changed(this.values()));
  }

  /** The input of a field. */
  input(name) {
    return this.fields.get(name).input;
  }

  /** Show a field, or hide it: what is hidden is not sent. */
  show(name, isShown) {
    const { line, input } = this.fields.get(name);
    line.hidden = !isShown;
    input.disabled = !isShown;
  }

  /** What is filled in: texts, numbers, true for a box that is ticked. */
  values() {
    const values = {};
    for (const [name, { input, field }] of this.fields) {
      if (input.disabled) continue;
      if (field.check) {
        if (input.checked) values[name] = true;
      } else if (input.value !== "") {
        values[name] = input.type === "number" ? Number(input.value) : input.value;
      }
    }
    return values;
  }

  /** Empty some fields. */
  empty(...names) {
    for (const name of names) this.input(name).value = "";
  }

  say(...children) {
    this.answer.replaceChildren(...children);
    this.refuse("");
  }

  refuse(sentence, ...children) {
    this.refused.hidden = !sentence;
    this.refused.replaceChildren(sentence, ...children);
  }

  async #submit(event) {
    event.preventDefault();
    this.answer.replaceChildren();
    this.refuse("");
    try {
      const said = await this.run(this.values(), this);
      if (said) this.say(said);
    } catch (refusal) {
      this.refuse(refusal.message);
    }
  }
}

let fieldCount = 0;

function drawField(field) {
  const { name, label, hint, options, rows, check, list, ...attributes } = field;
  fieldCount += 1;
  const id = `control-${fieldCount}`;
  const hintId = hint && `${id}-hint`;
  const given = { id, name, "aria-describedby": hintId, autocomplete: "off", ...attributes };
  const listId = list && `${id}-list`;
  let input;
  if (options) input = h("select", given, ...options.map(drawOption));
  else if (rows) input = h("textarea", { ...given, rows });
  else if (check) input = h("input", { ...given, type: "checkbox" });
  else input = h("input", { spellcheck: "false", list: listId, ...given });
  const line = h(
    "div",
    { class: check ? "control-field check" : "control-field", hidden: attributes.hidden },
    h("label", { for: id }, label),
    input,
    hint ? h("p", { class: "hint", id: hintId }, hint) : null,
    list ? h("datalist", { id: listId }, ...list.map((value) => h("option", { value }))) : null,
  );
  return { field, input, line };
}

const drawOption = ([value, label]) => h("option", { value }, label);

/** Fill the select of a field, and keep what is chosen. */
export function refill(input, options) {
  const wanted = JSON.stringify(options);
  if (input.dataset.filled === wanted) return;
  const chosen = input.value;
  input.replaceChildren(...options.map(drawOption));
  if (options.some(([value]) => value === chosen)) input.value = chosen;
  input.dataset.filled = wanted;
}

/** A list of what was arranged; `columns` are pairs of a title and a function of an entry. */
export class List {
  constructor({ label, path, name, none, columns, remove, called }) {
    Object.assign(this, { label, path, name, none, columns, remove, called });
    this.place = h("div", { class: "control-list" });
    this.element = h("section", { "aria-label": label }, h("h3", {}, label), this.place);
  }

  async refresh(query = {}) {
    const { [this.name]: entries } = await ask("GET", this.path, query);
    const state = JSON.stringify(entries);
    if (state === this.drawn) return entries;
    this.drawn = state;
    this.place.replaceChildren(...(entries.length ? [this.#table(entries)] : [this.#nothing()]));
    return entries;
  }

  #nothing() {
    return h("p", { class: "quiet" }, this.none);
  }

  #table(entries) {
    const titles = this.columns.map(([title]) => title);
    if (this.remove) titles.push(h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Remove")));
    return drawTable(this.label, titles, entries.map((entry) => this.#cells(entry)));
  }

  #cells(entry) {
    const cells = this.columns.map(([, read]) => h("td", {}, read(entry) ?? ""));
    if (!this.remove) return cells;
    const button = h(
      "button",
      {
        class: "plain",
        type: "button",
        "aria-label": `Remove ${this.called(entry)}`,
        onclick: async () => {
          await ask("DELETE", `${this.path}/${encodeURIComponent(entry.id)}`).catch(() => {});
          await this.refresh();
        },
      },
      icon("close"),
    );
    return [...cells, h("td", { class: "last" }, button)];
  }
}

/** A button that does something, and says so when it is done. */
export function actionButton(label, act, attributes = {}) {
  return h("button", { class: "button", type: "button", onclick: act, ...attributes }, label);
}

/* Elements, made by hand. Text is only ever text: nothing in this page parses markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Find the one element of a selector. */
export const $ = (selector, within = document) => within.querySelector(selector);

/** Make an element: attributes, `on…` listeners, and children that are elements or text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined));
  return element;
}

/** One of the icons that index.html draws. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** Words that only screen readers say. */
export const aside = (text) => h("span", { class: "visually-hidden" }, text);

/** Text, with what was searched for marked in it. */
export function marked(text, query) {
  if (!query) return [text];
  const folded = text.toLowerCase();
  // Where folding changes the length, places in one text are not places in the other.
  if (folded.length !== text.length) return [text];
  const pieces = [];
  let position = 0;
  for (let at = folded.indexOf(query); at >= 0; at = folded.indexOf(query, position)) {
    pieces.push(text.slice(position, at), h("mark", {}, text.slice(at, at + query.length)));
    position = at + query.length;
  }
  pieces.push(text.slice(position));
  return pieces;
}

/** A message's text, in which its links can be followed, into a tab of their own. */
export function linked({ body, links }, query) {
  const pieces = [];
  let position = 0;
  while (true) {
    const next = links
      .map((address) => ({ address, at: body.indexOf(address, position) }))
      .filter(({ at }) => at >= 0)
      // Where one begins as another does, the longer one is meant.
      .sort((one, other) => one.at - other.at || other.address.length - one.address.length)[0];
    if (!next) return [...pieces, ...marked(body.slice(position), query)];
    const { address, at } = next;
    const link = { href: address, target: "_blank", rel: "noopener noreferrer" };
    pieces.push(...marked(body.slice(position, at), query));
    pieces.push(h("a", link, ...marked(address, query)));
    position = at + address.length;
  }
}

/** Fill a select, and keep what is chosen if it is still there; else the first is. */
export function fill(select, options) {
  const wanted = options.map(([value, label]) => `${value}\n${label}`).join("\n\n");
  if (select.dataset.filled === wanted) return;
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
  select.value = options.some(([value]) => value === chosen) ? chosen : options[0]?.[0];
  select.dataset.filled = wanted;
}

let toasting;

/** Say something briefly, to eyes and to screen readers. */
export function toast(text, kind = "") {
  const place = $("#toast");
  place.textContent = text;
  place.dataset.kind = kind;
  place.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => {
    place.hidden = true;
  }, 4000);
}

/** Say something to screen readers alone. */
export function say(text) {
  $("#said").textContent = text;
}

/** Put a text on the clipboard. */
export async function copy(text, what = text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Only secure places have a clipboard: loopback is one, another machine's address is not.
    const field = h("textarea", { class: "visually-hidden", readonly: true });
    field.value = text;
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    before?.focus();
  }
  toast(`Copied ${what}`);
}

/** Do something at most once per frame, however often it is asked for. */
export function perFrame(task) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const run = () => {
      asked = false;
      task();
    };
    // A page that nobody sees gets no frames, but its title is looked at.
    if (document.hidden) setTimeout(run, 250);
    else requestAnimationFrame(run);
  };
}

/* A list of any length, of which only what can be seen is in the document.

   Rows may have any height: it is guessed until a row has been seen. What is seen stays where it
   is while rows above it turn out higher, or come and go. */

const BEYOND = 400; // pixels that are ready above and below
const AT_END = 32; // pixels from the end that still count as the end

export class Windowed {
  /** `signature` tells when a row must be drawn anew; `draw` makes its <li>. */
  constructor(scroller, list, { guess, key, signature, draw, stick = false }) {
    Object.assign(this, { scroller, list, guess, key, signature, draw, stick });
    this.items = [];
    this.heights = new Map(); // as measured, by key
    this.drawn = new Map(); // key: { row, signature }
    this.ends = [0]; // where each item begins, and where the last ends
    this.scroller.addEventListener("scroll", () => this.render(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(scroller);
  }

  get isAtEnd() {
    const { scrollTop, clientHeight } = this.scroller;
    return this.ends.at(-1) - scrollTop - clientHeight < AT_END;
  }

  /** Show these; what was seen stays in place, and who was at the end stays there. */
  set(items, { fresh = false } = {}) {
    const stays = this.stick && (fresh || this.isAtEnd || this.#hasShrunk);
    const anchor = fresh ? null : this.#anchor();
    if (fresh) this.heights.clear();
    // A copy: the caller may change its list before it shows it again.
    this.items = [...items];
    this.#place();
    if (stays) this.#scrollTo(Infinity);
    else if (anchor) this.#restore(anchor);
    else if (fresh) this.#scrollTo(0);
    this.render();
    if (stays) this.toEnd();
  }

  /** Whether something has taken room from a list that was at its end. */
  get #hasShrunk() {
    return this.wasAtEnd && this.height > this.scroller.clientHeight;
  }

  /** The row of the first item, where it is in view. */
  get first() {
    return this.items.length ? this.reveal(this.key(this.items[0])) : null;
  }

  /** The key of the item that an element belongs to. */
  keyOf(element) {
    const row = element?.closest("li");
    return [...this.drawn].find(([, each]) => each.row === row)?.[0] ?? null;
  }

  toEnd() {
    this.#scrollTo(Infinity);
    this.render();
  }

  /** Bring an item into view, and give its row. */
  reveal(key, { middle = false } = {}) {
    const index = this.items.findIndex((item) => this.key(item) === key);
    if (index < 0) return null;
    // Twice: by guessed heights first, then by measured ones.
    for (let round = 0; round < 2; round += 1) {
      const { scrollTop, clientHeight } = this.scroller;
      const [start, end] = [this.ends[index], this.ends[index + 1]];
      if (middle) this.#scrollTo(start - (clientHeight - (end - start)) / 2);
      else if (start < scrollTop) this.#scrollTo(start);
      else if (end > scrollTop + clientHeight) this.#scrollTo(end - clientHeight);
      this.render();
    }
    return this.drawn.get(key)?.row ?? null;
  }

  render() {
    if (!this.scroller.clientHeight) return;
    // What was drawn has a height now, which may bring more into view.
    for (let round = 0; round < 4; round += 1) {
      const anchor = this.#anchor();
      this.#draw();
      if (!this.#measure()) return;
      const wasAtEnd = this.stick && this.isAtEnd;
      this.#place();
      this.#pad();
      if (wasAtEnd) this.#scrollTo(Infinity);
      else if (anchor) this.#restore(anchor);
    }
  }

  #resized() {
    if (this.width !== this.scroller.clientWidth) this.heights.clear();
    this.width = this.scroller.clientWidth;
    const wasAtEnd = this.stick && this.wasAtEnd;
    this.#place();
    this.render();
    if (wasAtEnd) this.toEnd();
  }

  #place() {
    const ends = [0];
    for (const [index, item] of this.items.entries()) {
      ends.push(ends[index] + (this.heights.get(this.key(item)) ?? this.guess));
    }
    this.ends = ends;
  }

  /** The index of the item at a place. */
  #at(place) {
    let [low, high] = [0, this.items.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle + 1] > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #anchor() {
    if (!this.items.length) return null;
    const { scrollTop } = this.scroller;
    const index = this.#at(scrollTop);
    return { key: this.key(this.items[index]), index, offset: scrollTop - this.ends[index] };
  }

  #restore({ key, index, offset }) {
    const isThere = index < this.items.length && this.key(this.items[index]) === key;
    const found = isThere ? index : this.items.findIndex((item) => this.key(item) === key);
    // At the top, new items are welcome.
    if (found >= 0 && this.scroller.scrollTop > 0) this.#scrollTo(this.ends[found] + offset);
  }

  #scrollTo(place) {
    // The list must be as high as it will be, or the browser stops short.
    this.#pad();
    const top = place === Infinity ? this.ends.at(-1) : Math.max(0, place);
    if (Math.abs(this.scroller.scrollTop - top) >= 1) this.scroller.scrollTop = top;
  }

  #pad() {
    const [from, to] = this.range ?? [0, 0];
    const last = this.items.length;
    this.list.style.paddingTop = `${this.ends[Math.min(from, last)]}px`;
    this.list.style.paddingBottom = `${this.ends[last] - this.ends[Math.min(to, last)]}px`;
  }

  #draw() {
    const { scrollTop, clientHeight } = this.scroller;
    const from = this.items.length ? this.#at(scrollTop - BEYOND) : 0;
    const to = this.items.length ? this.#at(scrollTop + clientHeight + BEYOND) + 1 : 0;
    this.range = [from, to];
    const focused = this.#focused();
    const wanted = new Map();
    for (let index = from; index < to; index += 1) {
      const item = this.items[index];
      wanted.set(this.key(item), this.#row(item, index));
    }
    for (const [key, { row }] of this.drawn) {
      if (wanted.get(key)?.row !== row) row.remove();
    }
    let next = this.list.firstChild;
    for (const { row } of wanted.values()) {
      if (row === next) next = next.nextSibling;
      else this.list.insertBefore(row, next);
    }
    this.drawn = wanted;
    this.#pad();
    if (focused) this.#focusAgain(focused);
    this.wasAtEnd = this.isAtEnd;
    this.height = this.scroller.clientHeight;
  }

  #row(item, index) {
    const key = this.key(item);
    const signature = this.signature(item, index);
    let entry = this.drawn.get(key);
    if (entry?.signature !== signature) entry = { signature, row: this.draw(item, index) };
    const { row } = entry;
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-setsize", this.items.length);
    return entry;
  }

  #measure() {
    let differs = false;
    for (const [key, { row }] of this.drawn) {
      const { height } = row.getBoundingClientRect();
      if (Math.abs((this.heights.get(key) ?? this.guess) - height) > 0.25) differs = true;
      this.heights.set(key, height);
    }
    return differs;
  }

  /** Which control of which row has the focus: rows lose it when they move or are drawn anew. */
  #focused() {
    const element = document.activeElement;
    const row = element?.closest("li");
    if (!row || row.parentNode !== this.list) return null;
    return { key: this.keyOf(element), element, place: controls(row).indexOf(element) };
  }

  #focusAgain({ key, element, place }) {
    if (document.activeElement === element && element.isConnected) return;
    const row = this.drawn.get(key)?.row;
    const control = row && controls(row)[place];
    // What has been scrolled away leaves its focus to the list, and the arrow keys go on from there.
    (control ?? this.scroller).focus({ preventScroll: true });
  }
}

const controls = (row) => [...row.querySelectorAll("a, button")];

/* Lists by keyboard: from the search field into the list, through it, and back. */

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** Let the arrow keys move through a windowed list of links, and from and to its search field. */
export function listKeys(windowed, search) {
  let at = null; // the key of the item that had the focus last
  const focus = (index) => {
    const item = windowed.items[index];
    if (!item) return;
    at = windowed.key(item);
    windowed.reveal(at)?.querySelector("a").focus({ preventScroll: true });
  };
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") focus(0);
    else if (event.key === "ArrowUp") focus(windowed.items.length - 1);
    else if (event.key === "Enter") windowed.first?.querySelector("a").click();
    else return;
    event.preventDefault();
  });
  windowed.scroller.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const focused = windowed.keyOf(document.activeElement);
    const index = windowed.items.findIndex((item) => windowed.key(item) === (focused ?? at));
    if (event.key === "ArrowUp" && index === 0) search.focus();
    else focus(Math.min(windowed.items.length - 1, Math.max(0, index + step)));
  });
}

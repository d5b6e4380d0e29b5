/* What has been read: kept by the browser from one visit to the next. */

const MEMORY = "seen";
const MAX_REMEMBERED = 2000;

/** The last message read of each conversation, by its key. */
export function remembered() {
  try {
    return new Map(JSON.parse(localStorage.getItem(MEMORY)) ?? []);
  } catch {
    return new Map();
  }
}

export function remember(seen) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify([...seen].slice(-MAX_REMEMBERED)));
  } catch {
    // storage is not available
  }
}

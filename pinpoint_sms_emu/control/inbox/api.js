/* What the page asks of the emulator: /_emulator, and nothing else. */

const ROOT = new URL("_emulator/", location.origin + location.pathname);

/** What the emulator has refused, in its own words; `status` is 0 where it has not answered. */
export class Refusal extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Ask the emulator; members that are not given are left out. */
export async function ask(method, path, members = {}) {
  const url = new URL(path, ROOT);
  const given = Object.entries(members).filter(([, value]) => value !== "" && value != null);
  const options = { method };
  if (method === "POST") {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(Object.fromEntries(given));
  } else {
    for (const [name, value] of given) url.searchParams.set(name, value);
  }
  let response, answer;
  try {
    response = await fetch(url, options);
    answer = await response.json();
  } catch {
    throw new Refusal("The emulator does not answer.", response?.status ?? 0);
  }
  if (!response.ok) throw new Refusal(sentence(answer.error), response.status);
  return answer;
}

/** Open the stream of messages. */
export const openStream = () => new EventSource(new URL("messages/stream?events=false", ROOT));

function sentence(text) {
  const whole = text ? text.charAt(0).toUpperCase() + text.slice(1) : "That did not work";
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

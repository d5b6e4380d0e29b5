/* Requests to the emulator. The page uses the routes below /_emulator only. */

const ROOT = new URL("_emulator/", location.origin + location.pathname);

/** An error of the emulator, with its message; `status` is 0 when there was no response. */
export class Refusal extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/** Send a request and return the JSON of the response; empty members are left out. */
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

/** Open a stream of server-sent events. */
export function openStream(path, members = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
  return new EventSource(url);
}

function sentence(text) {
  const whole = text ? text.charAt(0).toUpperCase() + text.slice(1) : "That did not work";
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

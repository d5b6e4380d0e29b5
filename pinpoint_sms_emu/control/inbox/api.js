/* Requests to the emulator: the routes below /_emulator, and for the app's part the API itself. */

// This file is at /_emulator/inbox/, behind whatever a proxy adds to the path.
const ROOT = new URL("../", import.meta.url);
const SERVICE = new URL("../", ROOT);

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

/** The address of a route, for links and pictures; empty members are left out. */
export function address(path, members = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(members)) if (value) url.searchParams.set(name, value);
  return url.href;
}

/** Call an operation of the API as an app does; members that are undefined are left out. */
export async function call(operation, parameters, { account_id: key, region }) {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  // Not signed: the emulator reads who calls and where, unless it was told to verify signatures.
  const scope = `${key}/${day}/${region}/sms-voice/aws4_request`;
  let response, answer;
  try {
    response = await fetch(SERVICE, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": `PinpointSMSVoiceV2.${operation}`,
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      },
      body: JSON.stringify(parameters),
    });
    answer = await response.json();
  } catch {
    throw new Refusal("The emulator does not answer.", response?.status ?? 0);
  }
  const why = decodeURIComponent(response.headers.get("x-emulator-why") ?? "");
  const requestId = response.headers.get("x-amzn-requestid");
  const error = response.ok ? null : `${answer.__type}: ${answer.Message ?? answer.message ?? ""}`;
  return { answer, error, why, requestId };
}

/** Open a stream of server-sent events. */
export function openStream(path, members = {}) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(members)) url.searchParams.set(name, value);
  return new EventSource(url);
}

function sentence(text) {
  // A name with underscores stays as it is.
  const isName = /^\w*_/.test(text ?? "");
  const begun = text && !isName ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  const whole = begun || "That did not work";
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

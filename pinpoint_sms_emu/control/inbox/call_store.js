/* The API calls, oldest first. */

// The page keeps as many as the emulator does by default, and some more.
const MOST = 20_000;

export class CallStore {
  /** `changed` is called after each change. */
  constructor(changed) {
    this.changed = changed;
    this.clear();
  }

  get size() {
    return this.calls.size;
  }

  clear() {
    this.calls = new Map();
    this.byMessage = new Map();
    this.accounts = new Set();
    this.regions = new Set();
    this.changed();
  }

  /** Add a call; returns whether it is new. */
  put(call) {
    if (this.calls.has(call.request_id)) return false;
    call.time = new Date(call.at);
    this.calls.set(call.request_id, call);
    if (call.message_id) this.byMessage.set(call.message_id, call);
    if (call.account_id) this.accounts.add(call.account_id);
    if (call.region) this.regions.add(call.region);
    if (this.calls.size > MOST) this.calls.delete(this.calls.keys().next().value);
    this.changed();
    return true;
  }

  replace(calls) {
    this.clear();
    for (const call of calls) this.put(call);
  }

  /** The calls for which `fits` is true, newest first. */
  newest(fits) {
    return [...this.calls.values()].filter(fits).reverse();
  }
}

/** Whether a call got the response that it asked for. */
export const isAnswered = (call) => call.response !== null;

/** What came of a call, in a few words: "Answered", or the reason or code of the error. */
export function outcome(call) {
  if (isAnswered(call)) return "Answered";
  return call.error?.reason ?? call.error?.code ?? "No response";
}

/** What search looks through: everything but the text of messages in the response. */
export function searchable(call) {
  call.folded ??= JSON.stringify([
    call.operation,
    call.request_id,
    call.parameters,
    call.error,
    call.message_id,
    call.access_key,
    call.user_agent,
  ]).toLowerCase();
  return call.folded;
}

/* The messages, and the conversations that they form. */

// The key of localStorage under which the last message read of each conversation is kept.
const MEMORY = "seen";
const MAX_REMEMBERED = 2000;

/** The key of a message's conversation: account, Region, the account's number, the person's. */
export function keyOf(message) {
  const { person, number } = ends(message);
  return [message.account_id, message.region, number, person].map(encodeURIComponent).join("/");
}

/** The person's end of a message, and the account's. */
export function ends({ direction, sender, recipient }) {
  return direction === "inbound"
    ? { person: sender, number: recipient }
    : { person: recipient, number: sender };
}

/** All messages; `changed` is called after each change. */
export class Store {
  constructor(changed) {
    this.changed = changed;
    this.seen = remembered();
    this.clear();
  }

  get size() {
    return this.messages.size;
  }

  clear() {
    this.messages = new Map();
    // The one with the latest message comes last.
    this.conversations = new Map();
    this.unread = 0;
    this.changed();
  }

  /** Add a message, or update one; returns whether it is new. */
  put(message) {
    const known = this.messages.get(message.message_id);
    if (known) {
      Object.assign(known, message);
      known.version += 1;
    } else {
      message.version = 0;
      message.at = new Date(message.created);
      message.folded = (message.body ?? "").toLowerCase();
      this.messages.set(message.message_id, message);
      this.#append(message);
    }
    this.changed();
    return !known;
  }

  /** Replace all messages. */
  replace(messages) {
    this.clear();
    for (const message of messages) this.put(message);
  }

  /** The conversations, latest first. */
  *latest() {
    const keys = [...this.conversations.values()];
    for (let index = keys.length - 1; index >= 0; index -= 1) yield keys[index];
  }

  /** Mark a conversation as read. */
  read(conversation) {
    const last = conversation.messages.at(-1);
    if (!last || this.seen.get(conversation.key) === last.message_id) return;
    this.unread -= conversation.unread;
    conversation.unread = 0;
    this.seen.delete(conversation.key);
    this.seen.set(conversation.key, last.message_id);
    remember(this.seen);
    this.changed();
  }

  #append(message) {
    const key = keyOf(message);
    let conversation = this.conversations.get(key);
    if (conversation) {
      this.conversations.delete(key);
    } else {
      const { account_id, region } = message;
      conversation = { key, account_id, region, ...ends(message), messages: [], unread: 0 };
      conversation.channels = new Set();
    }
    this.conversations.set(key, conversation);
    conversation.messages.push(message);
    conversation.channels.add(message.channel);

    if (this.seen.get(key) === message.message_id) {
      this.unread -= conversation.unread;
      conversation.unread = 0;
    } else if (message.direction === "outbound") {
      this.unread += 1;
      conversation.unread += 1;
    }
  }
}

function remembered() {
  try {
    return new Map(JSON.parse(localStorage.getItem(MEMORY)) ?? []);
  } catch {
    return new Map();
  }
}

function remember(seen) {
  try {
    localStorage.setItem(MEMORY, JSON.stringify([...seen].slice(-MAX_REMEMBERED)));
  } catch {
    // storage is not available
  }
}

/* The messages, and the conversations that they form. */

import { remember, remembered } from "./seen.js";

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

/** The message with which one is shown: a fallback is part of the RCS message that it stands for. */
export const homeOf = (message) => message.original ?? message;

/** The messages that are loaded; `changed` is called after each change. */
export class Store {
  constructor(changed) {
    this.changed = changed;
    this.seen = remembered(); // the last message read of each conversation
    this.clear();
  }

  get size() {
    return this.messages.size;
  }

  clear() {
    this.messages = new Map();
    this.conversations = new Map();
    // In the order of their latest messages: of these the last is the latest,
    this.recent = new Set();
    // and of these, which are all older, the first.
    this.older = new Set();
    this.unread = 0;
    // Whether there are no older messages than those that are loaded.
    this.isComplete = false;
    this.oldest = null;
    // Changes of messages that are not loaded yet.
    this.early = new Map();
    // Fallbacks whose RCS message is not loaded, by its id.
    this.fallbacks = new Map();
    this.changed();
  }

  /** Add a new message, or update one; returns whether it is new. */
  put(message) {
    const known = this.messages.get(message.message_id);
    if (!known && !this.isComplete && message.created < this.oldest) {
      this.early.set(message.message_id, message);
      return false;
    }
    if (known) this.#update(known, message);
    else this.#append(this.#keep(message));
    this.changed();
    return !known;
  }

  /** Add older messages than those there are, the latest of them first. */
  addOlder(messages) {
    for (const listed of messages) {
      if (this.messages.has(listed.message_id)) continue;
      const message = this.#keep(this.early.get(listed.message_id) ?? listed);
      this.early.delete(message.message_id);
      this.oldest = message.created;
      this.#prepend(message);
    }
    this.changed();
  }

  /** The conversations, latest first. */
  *latest() {
    yield* [...this.recent].reverse();
    yield* this.older;
  }

  /** Mark a conversation as read. */
  read(conversation) {
    const last = conversation.messages.at(-1);
    if (!last || this.seen.get(conversation.key) === last.message_id) return;
    this.#setUnread(conversation, 0);
    this.seen.delete(conversation.key);
    this.seen.set(conversation.key, last.message_id);
    remember(this.seen);
    this.changed();
  }

  /** Mark the latest message of a conversation as unread. */
  markUnread(conversation) {
    const { messages, key } = conversation;
    const index = messages.findLastIndex(({ direction }) => direction === "outbound");
    if (index < 0) return;
    this.#setUnread(conversation, 1);
    this.seen.delete(key);
    // What came before it stays read.
    if (index > 0) this.seen.set(key, messages[index - 1].message_id);
    remember(this.seen);
    this.changed();
  }

  #keep(message) {
    message.version = 0;
    message.at = new Date(message.created);
    message.folded = (message.body ?? "").toLowerCase();
    this.messages.set(message.message_id, message);
    return message;
  }

  #update(known, message) {
    Object.assign(known, message);
    known.version += 1;
    homeOf(known).version += 1;
  }

  #append(message) {
    const original = this.messages.get(message.fallback_of);
    if (original) this.#join(original, message);
    const conversation = this.#conversation(homeOf(message));
    this.older.delete(conversation);
    this.recent.delete(conversation);
    this.recent.add(conversation);
    if (original) return;
    conversation.messages.push(message);
    conversation.channels.add(message.channel);
    if (message.direction === "outbound") this.#setUnread(conversation, conversation.unread + 1);
    if (this.seen.get(conversation.key) === message.message_id) this.#setUnread(conversation, 0);
  }

  #prepend(message) {
    const fallback = this.fallbacks.get(message.message_id);
    const original = this.messages.get(message.fallback_of);
    if (original) return this.#join(original, message);
    if (message.fallback_of) this.fallbacks.set(message.fallback_of, message);
    const conversation = this.#conversation(message);
    if (!this.recent.has(conversation)) this.older.add(conversation);
    conversation.messages.unshift(message);
    conversation.channels.add(message.channel);
    conversation.isReadBefore ||= this.seen.get(conversation.key) === message.message_id;
    const isUnread = message.direction === "outbound" && !conversation.isReadBefore;
    if (isUnread) this.#setUnread(conversation, conversation.unread + 1);
    if (fallback) this.#join(message, fallback);
  }

  /** Show a fallback with the RCS message that it stands for, and no more by itself. */
  #join(original, fallback) {
    original.fallen_back_to = fallback;
    original.version += 1;
    original.folded += `\n${fallback.folded}`;
    fallback.original = original;
    const conversation = this.conversations.get(keyOf(fallback));
    const index = conversation?.messages.indexOf(fallback) ?? -1;
    if (index < 0) return;
    conversation.messages.splice(index, 1);
    if (conversation.messages.length) return;
    this.#setUnread(conversation, 0);
    this.conversations.delete(conversation.key);
    this.recent.delete(conversation);
    this.older.delete(conversation);
  }

  #conversation(message) {
    const key = keyOf(message);
    let conversation = this.conversations.get(key);
    if (!conversation) {
      const { account_id, region } = message;
      conversation = { key, account_id, region, ...ends(message), messages: [], unread: 0 };
      conversation.channels = new Set();
      this.conversations.set(key, conversation);
    }
    return conversation;
  }

  #setUnread(conversation, count) {
    this.unread += count - conversation.unread;
    conversation.unread = count;
  }
}

/* What can be done with the open conversation: mark it as unread, delete it, copy a link to it. */

import { ask } from "./api.js";
import { confirmed } from "./dialogs.js";
import { $, copy, toast } from "./dom.js";
import { many } from "./format.js";

export class ConversationMenu {
  constructor(page) {
    this.page = page;
    const menu = $("#conversation-menu");
    menu.addEventListener("click", ({ target }) => target.closest("button") && menu.hidePopover());
    $("#mark-unread").addEventListener("click", () => page.markUnread());
    $("#copy-link").addEventListener("click", () => copy(location.href, "the link"));
    $("#delete-conversation").addEventListener("click", () => this.#delete());
  }

  async #delete() {
    const { person, number, account_id, region, messages } = this.page.conversation;
    const isSure = await confirmed({
      heading: "Delete the conversation?",
      text: `${many(messages.length, "message")} between ${person} and ${number} will be deleted. Opt-outs are kept.`,
      action: "Delete",
    });
    if (!isSure) return;
    const place = { account_id, region };
    try {
      await ask("DELETE", "messages", { ...place, sender: number, recipient: person });
      await ask("DELETE", "messages", { ...place, sender: person, recipient: number });
      toast("Conversation deleted");
      location.hash = "#/";
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  }
}

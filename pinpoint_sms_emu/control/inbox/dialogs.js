/* The dialogs: a new message, the outcomes of a recipient, clearing, and a question. */

import { ask } from "./api.js";
import { $, fill, toast } from "./dom.js";
import { EVENTS, listOutcomes, outcomeOptions } from "./outcomes.js";
import { announce } from "./thread.js";

/** A dialog with a form: an error is shown in it, success closes it. */
function inDialog(dialog, submit) {
  const refused = $(".refused", dialog);
  const say = (sentence) => {
    refused.textContent = sentence;
    refused.hidden = !sentence;
  };
  $("form", dialog).addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if ((await submit(event.submitter)) !== false) dialog.close();
      say("");
    } catch (refusal) {
      say(refusal.message);
    }
  });
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => dialog.close());
  }
  // A click beside the dialog closes it.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  return () => {
    say("");
    dialog.showModal();
  };
}

/** A new message from a person to one of the accounts' numbers. */
export function newMessage(page) {
  const open = inDialog($("#new-message"), async () => {
    const to = numbers[$("#new-message-recipient").selectedIndex];
    if (!to) return;
    const message = {
      sender: $("#new-message-sender").value.trim(),
      recipient: to.id,
      body: $("#new-message-body").value,
      account_id: to.account_id,
      region: to.region,
    };
    const answer = await ask("POST", "inbound", message);
    announce(answer);
    $("#new-message-body").value = "";
    page.openMessage(answer.message_id);
  });
  let numbers = [];
  $("#new-message-button").addEventListener("click", async () => {
    const { account: account_id, region, number } = page.filters;
    try {
      const { accounts } = await ask("GET", "resources", { account_id, region });
      numbers = accounts.flatMap(({ resources, ...place }) =>
        resources["phone-number"].map((each) => ({ ...place, ...each })),
      );
    } catch (refusal) {
      toast(refusal.message, "bad");
      return;
    }
    const several = new Set(numbers.map((each) => `${each.account_id} ${each.region}`)).size > 1;
    fill(
      $("#new-message-recipient"),
      numbers.map((each) => [
        each.arn,
        several ? `${each.phone_number} (${each.account_id}, ${each.region})` : each.phone_number,
      ]),
    );
    const chosen = numbers.find((each) => each.phone_number === number);
    if (chosen) $("#new-message-recipient").value = chosen.arn;
    $("#new-message-form").hidden = !numbers.length;
    $("#new-message-none").hidden = numbers.length > 0;
    open();
  });
}

/** The outcomes of messages to a recipient. */
export function outcomes(page) {
  const list = () => listOutcomes($("#outcomes-known"), $("#outcomes-none"));
  const open = inDialog($("#outcomes"), async () => {
    const times = $("#outcome-times").value;
    await ask("POST", "outcomes", {
      recipient: $("#outcome-recipient").value.trim(),
      event: $("#outcome-event").value,
      times: times === "always" ? null : Number(times),
    });
    await list();
    return false;
  });
  $("#outcome-event").append(...outcomeOptions());
  $("#outcome-button").addEventListener("click", async () => {
    const { person, channels } = page.conversation;
    $("#outcome-recipient").value = person;
    const name = channels.has("text") ? "text" : [...channels][0];
    $("#outcome-event").value = `${name.toUpperCase()}_${EVENTS[name][1]}`;
    try {
      await list();
    } catch (refusal) {
      toast(refusal.message, "bad");
      return;
    }
    open();
  });
}

/** Ask before something is done that cannot be undone. */
export function confirmed({ heading, text, action }) {
  const dialog = $("#confirm");
  $("#confirm-heading").textContent = heading;
  $("#confirm-text").textContent = text;
  $("#confirm-action").textContent = action;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const CLEARING = {
  messages: ["DELETE", "messages", "Messages cleared"],
  calls: ["DELETE", "calls", "Calls cleared"],
  everything: ["POST", "reset", "Emulator reset"],
};

/** Remove the messages or the calls, or reset everything. */
export function clearing(page) {
  const open = inDialog($("#clear"), async (button) => {
    const [method, path, done] = CLEARING[button.value];
    await ask(method, path);
    if (button.value !== "messages") page.calls.reload();
    toast(done);
  });
  $("#clear-button").addEventListener("click", open);
}

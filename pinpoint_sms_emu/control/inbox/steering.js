/* The clock, a new message, outcomes, clearing and the theme. */

import { ask } from "./api.js";
import { $, copy, fill, h, icon, toast } from "./dom.js";
import { channel, exact, span, time, UNITS, words } from "./format.js";
import { announce } from "./thread.js";

// The outcomes of a message, by channel, the common ones first.
const EVENTS = {
  text: [
    "DELIVERED",
    "CARRIER_BLOCKED",
    "UNREACHABLE",
    "INVALID",
    "BLOCKED",
    "SPAM",
    "CARRIER_UNREACHABLE",
    "INVALID_MESSAGE",
    "TTL_EXPIRED",
    "UNKNOWN",
    "SUCCESSFUL",
    "QUEUED",
    "PENDING",
    "PROTECT_BLOCKED",
  ],
  voice: ["COMPLETED", "BUSY", "NO_ANSWER", "FAILED", "TTL_EXPIRED"],
  media: [
    "DELIVERED",
    "CARRIER_BLOCKED",
    "UNREACHABLE",
    "INVALID",
    "BLOCKED",
    "SPAM",
    "UNKNOWN",
    "TTL_EXPIRED",
    "FILE_INACCESSIBLE",
    "FILE_TYPE_UNSUPPORTED",
    "FILE_SIZE_EXCEEDED",
  ],
  rcs: ["DELIVERED", "READ", "FAILED", "TTL_EXPIRED", "FALLEN_BACK_TO_SMS"],
};

/** The emulator's clock: it can be advanced and stopped. */
export class Clock {
  constructor(page) {
    this.page = page;
    this.ahead = 0; // milliseconds, of the browser's clock
    this.frozen = null;
    for (const button of document.querySelectorAll("[data-advance]")) {
      button.addEventListener("click", () =>
        this.#move({ advance_seconds: Number(button.dataset.advance) }),
      );
    }
    $("#advance").addEventListener("submit", (event) => {
      event.preventDefault();
      const count = $("#advance-count").valueAsNumber;
      this.#move({ advance_seconds: count * UNITS[$("#advance-unit").value] });
    });
    $("#clock-stop").addEventListener("click", () => this.#move({ freeze_at: "now" }));
    $("#clock-resume").addEventListener("click", () => this.#move({ resume: true }));
    // Before it is visible, or its lines would appear a second late.
    $("#clock").addEventListener("beforetoggle", () => this.#showMore());
    setInterval(() => this.#show(), 1000);
  }

  now() {
    return this.frozen ?? new Date(Date.now() + this.ahead);
  }

  /** Take the time that the emulator has reported. */
  take({ now, frozen, offset_seconds: offset }) {
    this.frozen = frozen ? new Date(now) : null;
    this.ahead = new Date(now) - Date.now();
    this.offset = offset;
    this.#show();
  }

  async #move(how) {
    try {
      this.take(await ask("POST", "clock", how));
      this.page.render();
      this.page.refresh();
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  }

  get #isMoved() {
    return Math.abs(this.offset ?? 0) >= 1;
  }

  #standing() {
    if (this.frozen) return "Stopped.";
    if (!this.#isMoved) return "Runs at the system's time.";
    return `Runs ${span(this.offset)} ${this.offset > 0 ? "ahead of" : "behind"} the system's time.`;
  }

  #show() {
    const now = this.now();
    const isOtherDay = now.toDateString() !== new Date().toDateString();
    const date = now.toLocaleDateString([], { day: "numeric", month: "short" });
    write("#clock-date", isOtherDay ? date : "");
    write("#clock-time", time(now));
    const moved = this.#isMoved ? "moved" : "";
    $("#clock-button").dataset.state = this.frozen ? "stopped" : moved;
    if ($("#clock").matches(":popover-open")) this.#showMore();
  }

  /** The lines of the popover. */
  #showMore() {
    const now = this.now();
    write("#clock-now", exact(now));
    write("#clock-utc", now.toISOString().replace(/\.\d+/, ""));
    write("#clock-state", this.#standing());
    $("#clock-stop").hidden = Boolean(this.frozen);
    $("#clock-resume").hidden = !this.#isMoved && !this.frozen;
  }
}

/** Set a text if it differs: each change has a cost. */
function write(selector, text) {
  const place = $(selector);
  if (place.textContent !== text) place.textContent = text;
}

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

  async function list() {
    const { outcomes: known } = await ask("GET", "outcomes");
    $("#outcomes-known").replaceChildren(
      ...known.map(({ id, event, recipient, times, account_id, region }) =>
        h(
          "li",
          {},
          h("span", { class: "who" }, recipient === "*" ? "Everyone" : recipient),
          h("span", { title: event }, outcomeName(event)),
          h(
            "span",
            { class: "quiet" },
            [times ? `${times} more` : "always", account_id, region].filter(Boolean).join(" · "),
          ),
          h(
            "button",
            {
              type: "button",
              class: "plain",
              "aria-label": `Remove the outcome ${outcomeName(event)} for ${recipient}`,
              onclick: async () => {
                await ask("DELETE", `outcomes/${encodeURIComponent(id)}`).catch(() => {});
                await list();
              },
            },
            icon("close"),
          ),
        ),
      ),
    );
    $("#outcomes-none").hidden = known.length > 0;
  }

  for (const [name, events] of Object.entries(EVENTS)) {
    const label = channel(name);
    const options = events.map((event) =>
      h("option", { value: `${name.toUpperCase()}_${event}` }, words(event)),
    );
    $("#outcome-event").append(h("optgroup", { label }, ...options));
  }
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

/** TEXT_CARRIER_BLOCKED becomes SMS: Carrier blocked. */
function outcomeName(event) {
  const [first, ...rest] = event.split("_");
  return `${channel(first.toLowerCase())}: ${words(rest.join("_"))}`;
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

/** System, light, dark, and again. */
export function themes() {
  const button = $("#theme-button");
  const show = (choice) => {
    $("use", button).setAttribute("href", `#icon-theme-${choice}`);
    const name = { system: "system", light: "light", dark: "dark" }[choice];
    button.setAttribute("aria-label", `Theme: ${name}`);
    button.title = `Theme: ${name}`;
  };
  button.addEventListener("click", () => show(window.theme.next()));
  show(window.theme.get());
}

/** The first steps, shown while there are no messages. */
export function firstSteps() {
  const { port, hostname, protocol } = location;
  const url = `${protocol}//${hostname}${port ? `:${port}` : ""}`;
  $("#first-code").textContent = [
    "import boto3",
    'sms = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1",',
    `                   endpoint_url="${url}",`,
    '                   aws_access_key_id="test", aws_secret_access_key="test")',
    'sms.send_text_message(DestinationPhoneNumber="+14255550100",',
    '                      MessageBody="Your code is 482913")',
  ].join("\n");
  $("#first-copy").addEventListener("click", () => copy($("#first-code").textContent, "the example"));
  $("#first-number").addEventListener("click", async () => {
    try {
      const phone_number = "+12065550100";
      await ask("POST", "numbers", { phone_number, number_type: "LONG_CODE" });
      toast(`${phone_number} added to account 123456789012`);
      document.dispatchEvent(new Event("accounts"));
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  });
}

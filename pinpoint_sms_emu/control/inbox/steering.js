/* What a person may do besides reading: the clock, a new text, outcomes, clearing, the theme. */

import { ask } from "./api.js";
import { $, copy, fill, h, icon, toast } from "./dom.js";
import { exact, time, words } from "./format.js";
import { announce } from "./thread.js";

const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

// What can become of a message, by channel, the common ones first.
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

/** The emulator's time: shown all the while, moved and stopped on demand. */
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
    // Before it is seen, for else its lines would come a second later.
    $("#clock").addEventListener("beforetoggle", () => this.#showMore());
    setInterval(() => this.#show(), 1000);
  }

  now() {
    return this.frozen ?? new Date(Date.now() + this.ahead);
  }

  /** Take over what the emulator says of its time. */
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
    if (!this.#isMoved) return "Runs with the system.";
    return `Runs ${span(this.offset)} ${this.offset > 0 ? "ahead of" : "behind"} the system.`;
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

  /** What stands in the popover alone. */
  #showMore() {
    const now = this.now();
    write("#clock-now", exact(now));
    write("#clock-utc", now.toISOString().replace(/\.\d+/, ""));
    write("#clock-state", this.#standing());
    $("#clock-stop").hidden = Boolean(this.frozen);
    $("#clock-resume").hidden = !this.#isMoved && !this.frozen;
  }
}

/** Change a text, if it is another: each change costs the browser something. */
function write(selector, text) {
  const place = $(selector);
  if (place.textContent !== text) place.textContent = text;
}

function span(seconds) {
  const length = Math.abs(seconds);
  const [unit, size] = Object.entries(UNITS).findLast(([, each]) => length >= each) ?? ["seconds", 1];
  const count = Math.round((length / size) * 10) / 10;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/** A dialog with a form: what is refused is said in it, what works closes it. */
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
  // A click beside the dialog leaves it.
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  return () => {
    say("");
    dialog.showModal();
  };
}

/** A new text from a person to one of the accounts' numbers. */
export function newText(page) {
  const open = inDialog($("#new-text"), async () => {
    const to = numbers[$("#new-text-recipient").selectedIndex];
    if (!to) return;
    const message = {
      sender: $("#new-text-sender").value.trim(),
      recipient: to.id,
      body: $("#new-text-body").value,
      account_id: to.account_id,
      region: to.region,
    };
    const answer = await ask("POST", "inbound", message);
    announce(answer);
    $("#new-text-body").value = "";
    page.openMessage(answer.message_id);
  });
  let numbers = [];
  $("#new-text-button").addEventListener("click", async () => {
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
      $("#new-text-recipient"),
      numbers.map((each) => [
        each.arn,
        several ? `${each.phone_number} (${each.account_id}, ${each.region})` : each.phone_number,
      ]),
    );
    const chosen = numbers.find((each) => each.phone_number === number);
    if (chosen) $("#new-text-recipient").value = chosen.arn;
    $("#new-text-form").hidden = !numbers.length;
    $("#new-text-none").hidden = numbers.length > 0;
    open();
  });
}

/** What becomes of the messages to a person. */
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
          h("span", {}, event),
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
              "aria-label": `Forget ${event} for ${recipient}`,
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

  for (const [channel, events] of Object.entries(EVENTS)) {
    const label = { text: "SMS", media: "MMS", voice: "Voice", rcs: "RCS" }[channel];
    const options = events.map((event) =>
      h("option", { value: `${channel.toUpperCase()}_${event}` }, words(event)),
    );
    $("#outcome-event").append(h("optgroup", { label }, ...options));
  }
  $("#outcome-button").addEventListener("click", async () => {
    const { person, channels } = page.conversation;
    $("#outcome-recipient").value = person;
    const channel = channels.has("text") ? "text" : [...channels][0];
    $("#outcome-event").value = `${channel.toUpperCase()}_${EVENTS[channel][1]}`;
    try {
      await list();
    } catch (refusal) {
      toast(refusal.message, "bad");
      return;
    }
    open();
  });
}

/** Forget the messages, or everything. */
export function clearing() {
  const open = inDialog($("#clear"), async (button) => {
    if (button.value === "everything") await ask("POST", "reset");
    else await ask("DELETE", "messages");
    toast(button.value === "everything" ? "Everything is as at the start" : "Messages forgotten");
  });
  $("#clear-button").addEventListener("click", open);
}

/** System, light, dark, and again. */
export function themes() {
  const button = $("#theme-button");
  const show = (choice) => {
    $("use", button).setAttribute("href", `#icon-theme-${choice}`);
    const name = { system: "as the system", light: "light", dark: "dark" }[choice];
    button.setAttribute("aria-label", `Theme: ${name}`);
    button.title = `Theme: ${name}`;
  };
  button.addEventListener("click", () => show(window.theme.next()));
  show(window.theme.get());
}

/** What a newcomer does first. */
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
  $("#first-copy").addEventListener("click", () => copy($("#first-code").textContent, "the lines"));
  $("#first-number").addEventListener("click", async () => {
    try {
      const phone_number = "+12065550100";
      await ask("POST", "numbers", { phone_number, number_type: "LONG_CODE" });
      toast(`${phone_number} is a number of account 123456789012 now`);
      document.dispatchEvent(new Event("accounts"));
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  });
}

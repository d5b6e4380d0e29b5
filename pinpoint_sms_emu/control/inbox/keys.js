/* The keys of the page; ? lists them. Single keys can be turned off: assistive tools use them too. */

import { $, copy, toast } from "./dom.js";

const SEARCHES = {
  messages: "#search",
  calls: "#calls-search",
  resources: "#resources-filter",
};
const VIEWS = ["#/", "#/calls", "#/resources", "#/report", "#/controls"];
const MEMORY = "single-keys";

export function keys(page) {
  const choice = $("#single-keys");
  choice.checked = remembered();
  choice.addEventListener("change", () => remember(choice.checked));
  const help = $("#keys");
  $("#keys-button").addEventListener("click", () => help.showModal());
  $("[data-close]", help).addEventListener("click", () => help.close());
  help.addEventListener("click", ({ target }) => target === help && help.close());

  const search = () => $(SEARCHES[page.view] ?? null)?.focus();
  const single = {
    "/": search,
    "?": () => help.showModal(),
    n: () => $("#new-message-button").click(),
    r: () => page.conversation && $("#answer-body").focus(),
    u: () => page.markUnread(),
    c: () => copyLatestCode(page),
  };
  VIEWS.forEach((address, index) => {
    single[index + 1] = () => {
      location.hash = address;
    };
  });

  document.addEventListener("keydown", (event) => {
    const isBusy = document.querySelector("dialog[open], :popover-open");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
    } else if (event.key === "Escape" && !isBusy) {
      page.close();
    } else if (choice.checked && !isBusy && !isTyping(event) && event.key in single) {
      event.preventDefault();
      single[event.key]();
    }
  });
}

/** Copy the latest code: of the open conversation, or of all. */
function copyLatestCode(page) {
  const { conversation, store } = page;
  const conversations = conversation ? [conversation] : [...store.conversations.values()];
  const [latest] = conversations
    .map(({ messages }) => messages.findLast(hasCode))
    .filter(Boolean)
    // As texts, which have microseconds: a date has milliseconds.
    .sort((one, other) => (one.created < other.created ? 1 : -1));
  if (latest) copy(latest.codes[0]);
  else toast("There is no code to copy.");
}

const hasCode = ({ direction, codes }) => direction === "outbound" && codes.length > 0;

/** Whether a key is meant for a field, or for the browser. */
function isTyping({ target, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey || target.matches?.("input, textarea, select");
}

function remembered() {
  try {
    return localStorage.getItem(MEMORY) !== "off";
  } catch {
    return true;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(MEMORY, isOn ? "on" : "off");
  } catch {
    // it holds for this visit
  }
}

/* Notifications of the browser about new messages, for those who ask for them. */

import { $, toast } from "./dom.js";
import { ends } from "./store.js";

const MEMORY = "notify";

export class Notifier {
  constructor() {
    this.button = $("#notify-button");
    const isPossible = "Notification" in window;
    this.button.hidden = !isPossible;
    this.isOn = isPossible && Notification.permission === "granted" && remembered();
    this.button.addEventListener("click", () => this.#toggle());
    this.#show();
  }

  /** Notify about a message that the app has sent while nobody looked at the page. */
  tell(message) {
    if (!this.isOn || message.direction !== "outbound" || isLookedAt()) return;
    const { person } = ends(message);
    const [code] = message.codes;
    const note = new Notification(code ? `${code} to ${person}` : `To ${person}`, {
      body: (message.body ?? "").slice(0, 200),
      tag: message.message_id,
    });
    note.addEventListener("click", () => {
      window.focus();
      location.hash = `#/message/${encodeURIComponent(message.message_id)}`;
      note.close();
    });
  }

  async #toggle() {
    const isGranted = this.isOn || (await Notification.requestPermission()) === "granted";
    if (!isGranted) {
      toast("The browser does not allow notifications from this page.", "bad");
      return;
    }
    this.isOn = !this.isOn;
    remember(this.isOn);
    this.#show();
    toast(this.isOn ? "New messages are announced while this page is not in front" : "Notifications are off");
  }

  #show() {
    this.button.setAttribute("aria-pressed", String(this.isOn));
    this.button.title = this.isOn ? "Notifications: on" : "Notifications: off";
    $("use", this.button).setAttribute("href", this.isOn ? "#icon-bell-on" : "#icon-bell");
  }
}

const isLookedAt = () => !document.hidden && document.hasFocus();

function remembered() {
  try {
    return localStorage.getItem(MEMORY) === "on";
  } catch {
    return false;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(MEMORY, isOn ? "on" : "off");
  } catch {
    // it holds for this visit
  }
}

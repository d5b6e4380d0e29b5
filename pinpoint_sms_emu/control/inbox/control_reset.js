/* Delete messages or calls, reset everything, and save the state. */

import { address, ask } from "./api.js";
import { confirmed } from "./dialogs.js";
import { h, toast } from "./dom.js";
import { actionButton } from "./forms.js";

export function resetting(page) {
  const act = async (method, path, done) => {
    try {
      await ask(method, path);
      page.calls.reload();
      toast(done);
    } catch (refusal) {
      toast(refusal.message, "bad");
    }
  };
  const reset = async () => {
    const isSure = await confirmed({
      heading: "Reset everything?",
      text: "All accounts, messages, calls, faults and outcomes are deleted, and the clock runs at the system's time. A seed file is applied again.",
      action: "Reset",
    });
    if (isSure) await act("POST", "reset", "Emulator reset");
  };
  const download = (path, label, name) =>
    h("a", { class: "button", href: address(path), download: name }, label);
  return {
    title: "Reset and save",
    text: "Deleting messages or calls keeps phone numbers, opt-outs and settings.",
    elements: [
      h(
        "div",
        { class: "buttons" },
        actionButton("Delete all messages", () => act("DELETE", "messages", "Messages deleted")),
        actionButton("Delete all calls", () => act("DELETE", "calls", "Calls deleted")),
        actionButton("Reset everything…", reset, { class: "button danger" }),
      ),
      h("h3", {}, "Save"),
      h(
        "div",
        { class: "buttons" },
        download("state", "Download the state", "pinpoint-sms-emu-state.json"),
        download("seed", "Download a seed file", "pinpoint-sms-emu.toml"),
      ),
      h("p", { class: "quiet" }, "The state has everything, for PUT /_emulator/state. A seed file has the resources only."),
    ],
  };
}

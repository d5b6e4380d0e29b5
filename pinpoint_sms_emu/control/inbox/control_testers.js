/* RCS test devices: accept the invitation to test an agent. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { words } from "./format.js";
import { actionButton } from "./forms.js";

export function testers(page) {
  const place = h("div", { class: "control-list" });
  const refused = h("p", { class: "refused", role: "alert", hidden: true });
  let drawn = null;

  async function accept({ id, account_id, region }) {
    try {
      await ask("POST", "invitations", { verified_destination_number_id: id, account_id, region });
      refused.hidden = true;
    } catch (refusal) {
      refused.textContent = refusal.message;
      refused.hidden = false;
    }
    await refresh();
  }

  async function refresh() {
    const { account: account_id, region } = page.filters;
    const { accounts } = await ask("GET", "resources", { account_id, region });
    const found = accounts.flatMap(({ resources, ...where }) =>
      (resources["verified-destination-number"] ?? [])
        .filter(({ rcs_agent_id: agent }) => agent)
        .map((it) => ({ ...it, account_id: where.account_id, region: where.region })),
    );
    const state = JSON.stringify(found);
    if (state === drawn) return;
    drawn = state;
    place.replaceChildren(
      found.length
        ? h("ul", { class: "boxes" }, ...found.map((each) => drawTester(each, accept)))
        : h("p", { class: "quiet" }, "Nobody is invited. Your app invites people with CreateVerifiedDestinationNumber and an RcsAgentId."),
    );
  }

  return {
    title: "RCS test devices",
    text: "Accept the invitation to test an RCS agent, as the recipient does on the phone.",
    elements: [refused, place],
    refresh,
  };
}

function drawTester(tester, accept) {
  const { destination_phone_number: number, rcs_agent_id: agent, status } = tester;
  const isOpen = status === "PENDING";
  return h(
    "li",
    { class: "line" },
    h("span", {}, h("strong", {}, number), h("span", { class: "quiet" }, ` tests ${agent}`)),
    h("span", { class: `status ${status === "VERIFIED" ? "good" : "waiting"}` }, words(status)),
    isOpen ? actionButton("Accept the invitation", () => accept(tester)) : null,
  );
}

/* Numbers: add one of your choice. */

import { ask } from "./api.js";
import { h } from "./dom.js";
import { country, words } from "./format.js";
import { Form, List } from "./forms.js";
import { placeFields } from "./places.js";

const TYPES = ["LONG_CODE", "TEN_DLC", "TOLL_FREE", "SHORT_CODE", "SIMULATOR"];

export function numbers(page) {
  const list = new List({
    label: "Phone numbers",
    path: "numbers",
    name: "numbers",
    none: "There are no phone numbers yet.",
    columns: [
      [
        "Number",
        ({ phone_number, phone_number_id: id }) =>
          h("a", { class: "text-link", href: `#/resources/phone-number/${encodeURIComponent(id)}` }, phone_number),
      ],
      ["Country", ({ iso_country_code: code }) => country(code)],
      ["Type", ({ number_type: type }) => words(type)],
      ["Channels", ({ number_capabilities: names }) => names.map(words).join(", ")],
      ["Status", ({ status }) => words(status)],
      ["Account", ({ phone_number_arn: arn }) => arn.split(":")[4]],
      ["Region", ({ phone_number_arn: arn }) => arn.split(":")[3]],
    ],
  });
  const refresh = () => {
    const { account: account_id, region } = page.filters;
    return list.refresh({ account_id, region });
  };
  const form = new Form({
    label: "Add a phone number",
    action: "Add",
    fields: [
      {
        name: "phone_number",
        label: "Number",
        type: "tel",
        placeholder: "+12065550100",
        required: true,
        hint: "In E.164 form, or the digits of a short code",
      },
      {
        name: "number_type",
        label: "Type",
        options: [["", "Derived from the number"], ...TYPES.map((type) => [type, words(type)])],
      },
      {
        name: "iso_country_code",
        label: "Country",
        placeholder: "Derived from the number",
        maxlength: 2,
        hint: "Two letters; needed only for short codes outside the US",
      },
      {
        name: "message_type",
        label: "Message type",
        options: [
          ["", "Transactional"],
          ["PROMOTIONAL", "Promotional"],
        ],
      },
      {
        name: "two_way_channel_arn",
        label: "Two-way topic",
        placeholder: "arn:aws:sns:…",
        hint: "The ARN of an SNS topic that receives the replies",
      },
      { name: "opt_out_list_name", label: "Opt-out list", placeholder: "Default" },
      { name: "pool_id", label: "Pool", placeholder: "None" },
      ...placeFields(false),
    ],
    run: async (values) => {
      const isTwoWay = values.two_way_channel_arn ? { two_way_enabled: true } : {};
      const added = await ask("POST", "numbers", { ...values, ...isTwoWay });
      form.empty("phone_number");
      await refresh();
      document.dispatchEvent(new Event("accounts"));
      return `${added.phone_number} was added.`;
    },
  });
  return {
    title: "Phone numbers",
    text: "Add a phone number of your choice to an account. AWS chooses numbers itself.",
    elements: [form.element, list.element],
    refresh,
  };
}

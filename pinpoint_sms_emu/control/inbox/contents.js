/* What a message shows on a phone: its text, files, cards, transcript and suggestions. */

import { aside, h, icon, linked, marked } from "./dom.js";
import { channel, fileName, fileType } from "./format.js";

/** The children of a message's bubble; `tap` is called with a suggestion that is chosen. */
export function drawContents(message, query, tap) {
  const content = message.rcs_message_content?.Content ?? {};
  if (content.RichCard) return [drawCard(content.RichCard.CardContent, message, query, tap)];
  if (content.Carousel) return [drawCarousel(content.Carousel, message, query, tap)];
  if (content.FileMessage) return [drawFiles([content.FileMessage.FileUrl])];
  if (message.channel === "voice") return [drawVoice(message, query)];
  const files = message.media_urls ?? [];
  return [
    files.length ? drawFiles(files) : null,
    message.body ? drawText(message, query) : null,
    files.length || message.body ? null : h("em", {}, "No text"),
  ];
}

/** A message in one line. */
export function preview({ spoken_text: spoken, rcs_message_content: content, body, media_urls, channel: name }) {
  const file = content?.Content.FileMessage?.FileUrl ?? (body ? null : media_urls?.[0]);
  return file ? fileName(file) : (spoken ?? body ?? `(${channel(name)})`);
}

/** Whether a message's contents are cards, which need the width of the phone. */
export const hasCards = ({ rcs_message_content: content }) =>
  Boolean(content?.Content.RichCard ?? content?.Content.Carousel);

/** The suggestions below a message; `tap` is called with the one that is chosen. */
export function drawSuggestions(suggestions, tap) {
  if (!suggestions?.length) return null;
  return h(
    "div",
    { class: "suggestions", role: "group", "aria-label": "Suggestions" },
    ...suggestions.map((each) => drawSuggestion(each, tap)),
  );
}

/** The text of a message; its direction follows its own letters. */
function drawText(message, query) {
  return h("div", { class: "words", dir: "auto" }, ...linked(message, query));
}

function drawFiles(addresses) {
  return h(
    "ul",
    { class: "files", "aria-label": "Files" },
    ...addresses.map((address) =>
      h(
        "li",
        { class: "file", title: address },
        icon("file"),
        h(
          "span",
          {},
          h("span", { class: "file-name" }, fileName(address)),
          h("span", { class: "file-type" }, fileType(address)),
        ),
      ),
    ),
  );
}

function drawVoice(message, query) {
  const transcript = { body: message.spoken_text ?? message.body ?? "", links: [] };
  return h(
    "div",
    { class: "voice" },
    icon("play"),
    aside("Transcript of a voice message: "),
    drawText(transcript, query),
  );
}

function drawCard(card, message, query, tap) {
  const { Title: title, Description: description, Media: media, Suggestions: actions } = card;
  return h(
    "article",
    { class: "card" },
    media
      ? h("div", { class: `card-media ${(media.Height ?? "").toLowerCase()}` }, drawFiles([media.FileUrl]))
      : null,
    title ? h("h3", { dir: "auto" }, ...marked(title, query)) : null,
    description ? drawText({ body: description, links: message.links }, query) : null,
    drawSuggestions(actions, tap),
  );
}

function drawCarousel({ CardWidth: width, CardContents: cards }, message, query, tap) {
  const label = `Carousel of ${cards.length} cards`;
  return h(
    "div",
    { class: `carousel ${width.toLowerCase()}`, tabindex: "0", role: "group", "aria-label": label },
    h("ul", {}, ...cards.map((card) => h("li", {}, drawCard(card, message, query, tap)))),
  );
}

const ACTIONS = {
  OpenUrl: ({ Url: address }) => `Opens ${address}`,
  DialPhone: ({ PhoneNumber: number }) => `Calls ${number}`,
  ShowLocation: () => "Shows a place on the map",
  RequestLocation: () => "Shares the location",
  CreateCalendarEvent: ({ Title: title }) => `Adds ${title} to the calendar`,
};

/** A reply is a button; an address opens in a tab of its own, and the tap is reported too. */
function drawSuggestion(suggestion, tap) {
  const [[kind, action]] = Object.entries(suggestion);
  const attributes = { class: "suggestion", title: ACTIONS[kind]?.(action), onclick: () => tap(action) };
  if (/^https?:/.test(action.Url ?? "")) {
    const link = { href: action.Url, target: "_blank", rel: "noopener noreferrer" };
    return h("a", { ...attributes, ...link }, action.Text);
  }
  return h("button", { ...attributes, type: "button" }, action.Text);
}

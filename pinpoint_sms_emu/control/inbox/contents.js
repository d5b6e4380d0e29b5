/* What a message shows on a phone: its text, files, cards, transcript and suggestions. */

import { aside, h, icon, linked, marked } from "./dom.js";
import { channel, fileName, fileType } from "./format.js";

/**
 * The children of a message's bubble. Of `shown`, `query` is marked, `tap` is called with a suggestion
 * that is chosen, `source` gives the address of a picture, or null, and `resized` is called when the
 * height has changed.
 */
export function drawContents(message, shown) {
  const { query } = shown;
  const content = message.rcs_message_content?.Content ?? {};
  if (content.RichCard) return [drawCard(content.RichCard.CardContent, message, shown)];
  if (content.Carousel) return [drawCarousel(content.Carousel, message, shown)];
  if (content.FileMessage) return [drawFiles([content.FileMessage.FileUrl], shown)];
  if (message.channel === "voice") return [drawVoice(message, shown)];
  const files = message.media_urls ?? [];
  return [
    files.length ? drawFiles(files, shown) : null,
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

function drawFiles(addresses, shown) {
  return h(
    "ul",
    { class: "files", "aria-label": "Files" },
    ...addresses.map((address) => h("li", {}, drawFile(address, shown))),
  );
}

/** A picture, where it can be loaded; else the name and the type of the file. */
function drawFile(address, { source, resized }) {
  const from = source(address);
  const name = h(
    "span",
    { class: "file", title: address },
    icon("file"),
    h(
      "span",
      {},
      h("span", { class: "file-name" }, fileName(address)),
      h("span", { class: "file-type" }, fileType(address)),
    ),
  );
  if (!from) return name;
  const picture = h(
    "a",
    { class: "picture", href: from, target: "_blank", rel: "noopener noreferrer", title: address },
    h("img", {
      src: from,
      alt: `${fileName(address)}, ${fileType(address)}`,
      onload: resized,
      onerror: () => {
        picture.replaceWith(name);
        resized();
      },
    }),
  );
  return picture;
}

function drawVoice(message, { query, resized }) {
  const said = message.spoken_text ?? message.body ?? "";
  const transcript = { body: said.replaceAll(/\s+/g, " "), links: [] };
  const isScript = message.message_body_text_type === "SSML";
  return h(
    "div",
    { class: "voice" },
    icon("play"),
    h(
      "div",
      { class: "transcript" },
      aside("Transcript of a voice message: "),
      drawText(transcript, query),
      isScript
        ? h(
            "details",
            { class: "script", ontoggle: resized },
            h("summary", {}, "SSML"),
            h("pre", { tabindex: "0" }, message.body),
          )
        : null,
    ),
  );
}

function drawCard(card, message, shown) {
  const { Title: title, Description: description, Media: media, Suggestions: actions } = card;
  const { query, tap } = shown;
  return h(
    "article",
    { class: "card" },
    media
      ? h(
          "div",
          { class: `card-media ${(media.Height ?? "").toLowerCase()}` },
          drawFiles([media.FileUrl], shown),
        )
      : null,
    title ? h("h3", { dir: "auto" }, ...marked(title, query)) : null,
    description ? drawText({ body: description, links: message.links }, query) : null,
    drawSuggestions(actions, tap),
  );
}

function drawCarousel({ CardWidth: width, CardContents: cards }, message, shown) {
  const label = `Carousel of ${cards.length} cards`;
  return h(
    "div",
    { class: `carousel ${width.toLowerCase()}`, tabindex: "0", role: "group", "aria-label": label },
    h("ul", {}, ...cards.map((card) => h("li", {}, drawCard(card, message, shown)))),
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

/* How times, prices, statuses and files are written. */

const CHANNELS = { text: "SMS", media: "MMS", voice: "Voice", rcs: "RCS" };

const GOOD = ["DELIVERED", "SUCCESSFUL", "READ", "ANSWERED", "COMPLETED", "RECEIVED"];
const WAITING = ["PENDING", "QUEUED", "SENT", "INITIATED", "RINGING"];

const clockTime = new Intl.DateTimeFormat([], { timeStyle: "short" });
const exactTime = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });
const shortDate = new Intl.DateTimeFormat([], { day: "numeric", month: "short" });
const longDate = new Intl.DateTimeFormat([], {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const wholeNumber = new Intl.NumberFormat("en-US");

export const time = (date) => clockTime.format(date);
export const exact = (date) => exactTime.format(date);
export const day = (date) => longDate.format(date);
export const number = (value) => wholeNumber.format(value);

export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** A length of time in its largest unit. */
export function span(seconds) {
  const length = Math.abs(seconds);
  const [unit, size] = Object.entries(UNITS).findLast(([, each]) => length >= each) ?? ["seconds", 1];
  const count = length < 1 ? Number(length.toPrecision(2)) : Math.round((length / size) * 10) / 10;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

/** The time if it is today by the emulator's clock, else the date. */
export function when(date, now) {
  return date.toDateString() === now.toDateString() ? time(date) : shortDate.format(date);
}

/** So many of something. */
export function many(count, one, several = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : several}`;
}

/** What a channel is called. */
export const channel = (name) => CHANNELS[name] ?? name;

/** An amount of US dollars, as exactly as carriers count. */
export function dollars(amount) {
  return `$${amount.toFixed(5).replace(/0{1,3}$/, "")}`;
}

const ACRONYMS = /\b(?:arn|aws|dlc|iam|id|iso|kms|mms|rcs|s3|sms|sns|ttl|url)(?=s?\b)/g;
// US_TOLL_FREE_REGISTRATION begins with a country, NO_ANSWER does not.
const COUNTRY_FIRST = /^[A-Z]{2}(?=_.*_REGISTRATION$)/;

const FILE_TYPES = {
  aac: "AAC audio",
  amr: "AMR audio",
  csv: "CSV file",
  gif: "GIF image",
  heic: "HEIC image",
  jpeg: "JPEG image",
  jpg: "JPEG image",
  mov: "QuickTime video",
  mp3: "MP3 audio",
  mp4: "MP4 video",
  pdf: "PDF document",
  png: "PNG image",
  txt: "Text file",
  vcf: "Contact card",
  wav: "WAV audio",
  webm: "WebM video",
};

/** The name of the file that an address leads to. */
export function fileName(address) {
  return address.split("/").filter(Boolean).at(-1) ?? address;
}

/** What kind of file it is, as far as its name says. */
export function fileType(address) {
  const [, ending] = /\.([a-z0-9]{1,8})$/i.exec(fileName(address)) ?? [];
  if (!ending) return "File";
  return FILE_TYPES[ending.toLowerCase()] ?? `${ending.toUpperCase()} file`;
}

/** Whether a file is a picture that browsers show, as far as its name says. */
export const isPicture = (address) => /\.(?:gif|jpe?g|png|webp)$/i.test(address) || !/\.\w{1,8}$/.test(address);

const regionNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

/** FR becomes France (FR); what is no country stays as it is. */
export function country(code) {
  const name = regionNames.of(code);
  return name ? `${name} (${code})` : code;
}

/** CARRIER_BLOCKED becomes Carrier blocked, and topic_arn Topic ARN. */
export function words(name) {
  const text = name.replaceAll(/[_-]+/g, " ").toLowerCase();
  const spelled = text
    .replaceAll(ACRONYMS, (word) => word.toUpperCase())
    .replace(/\bten dlc\b/i, "10DLC")
    .replace(/\btoll free\b/, "toll-free");
  const [code] = COUNTRY_FIRST.exec(name) ?? [spelled.charAt(0).toUpperCase()];
  return code + spelled.slice(code.length);
}

/** Whether a status is good, waiting or bad. */
export function mood(status) {
  if (GOOD.includes(status)) return "good";
  // What was sent instead has a status of its own.
  if (status === "FALLEN_BACK_TO_SMS") return "neutral";
  return WAITING.includes(status) ? "waiting" : "bad";
}

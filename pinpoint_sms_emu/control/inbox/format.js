/* How things are written: times, prices and statuses. */

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

const ACRONYMS = /\b(?:arn|aws|iam|id|iso|kms|mms|rcs|s3|sms|sns|ttl|url)(?=s?\b)/g;

/** CARRIER_BLOCKED becomes Carrier blocked, and topic_arn Topic ARN. */
export function words(name) {
  const text = name.replaceAll(/[_-]+/g, " ").toLowerCase();
  const spelled = text.replaceAll(ACRONYMS, (word) => word.toUpperCase());
  return spelled.charAt(0).toUpperCase() + spelled.slice(1);
}

/** How it stands with a message: good, waiting or bad. */
export function mood(status) {
  if (GOOD.includes(status)) return "good";
  return WAITING.includes(status) ? "waiting" : "bad";
}

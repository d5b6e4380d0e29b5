/* How things are written: times, prices, statuses, and which digits are a one-time code. */

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

// What a text that brings a code says, in the languages that have many speakers.
const ABOUT_CODES =
  /code|\bpin\b|\botp\b|passcode|password|verif|token|\btan\b|kod|código|codice|код|验证码|驗證碼|認証|コード|인증|رمز|कोड/iu;
// Digits by themselves: no part of a longer number, an amount, a date, a phone number or an address.
const DIGITS =
  /(?<![a-z\d]|[a-z\d][-./]|\d[ ,:]|[+$€£¥#=&%] ?)(\d{3}[- ]\d{3}|\d{4,8})(?![a-z\d%]|[-.,:/ ]\d| ?[€£¥])/giu;
const HASHED = /^@\S+ #(\w{4,10})$/mu;
const SPOKEN = /(?<!\d)\d(?:[,.]? \d|,\d){3,7}(?!\d)/gu;

/** The one-time codes that a text brings: what a person would type. */
export function codes(body) {
  if (!body) return [];
  // "@example.com #123456" is how texts tell browsers: nothing is surer.
  const hashed = HASHED.exec(body);
  if (hashed) return [hashed[1]];
  const isAbout = ABOUT_CODES.test(body);
  const found = [...body.matchAll(DIGITS)].map((match) => match[1].replace(/\D/g, ""));
  if (isAbout) found.push(...[...body.matchAll(SPOKEN)].map((match) => match[0].replace(/\D/g, "")));
  const likely = isAbout ? found : found.filter((each) => each.length === 6);
  return [...new Set(likely)].slice(0, 2);
}

/* A call as code that makes it again: for boto3, the AWS CLI and curl. */

const SERVICE = "pinpoint-sms-voice-v2";
// The operations of SNS that are about texts.
export const OF_SNS = [
  "CheckIfPhoneNumberIsOptedOut",
  "CreateSMSSandboxPhoneNumber",
  "DeleteSMSSandboxPhoneNumber",
  "GetSMSAttributes",
  "GetSMSSandboxAccountStatus",
  "ListOriginationNumbers",
  "ListPhoneNumbersOptedOut",
  "ListSMSSandboxPhoneNumbers",
  "OptInPhoneNumber",
  "Publish",
  "SetSMSAttributes",
  "VerifySMSSandboxPhoneNumber",
];
const isOfSns = (operation) => OF_SNS.includes(operation);
const serviceOf = (operation) => (isOfSns(operation) ? "sns" : SERVICE);
const INDENT = "    ";

/** Python that makes the call again. */
export function asBoto3({ operation, parameters, region, access_key: key }) {
  const members = Object.entries(parameters).map(([name, value]) => {
    const isBytes = name === "AttachmentBody";
    const literal = isBytes ? `base64.b64decode(${python(value)})` : python(value, INDENT);
    return `${INDENT}${name}=${literal},`;
  });
  return [
    ...("AttachmentBody" in parameters ? ["import base64", ""] : []),
    "import boto3",
    "",
    "client = boto3.client(",
    `${INDENT}"${serviceOf(operation)}",`,
    `${INDENT}region_name=${python(region ?? "us-east-1")},`,
    `${INDENT}endpoint_url=${python(location.origin)},`,
    `${INDENT}aws_access_key_id=${python(key ?? "test")},`,
    `${INDENT}aws_secret_access_key="test",`,
    ")",
    ...(members.length
      ? [`client.${separated(operation, "_")}(`, ...members, ")"]
      : [`client.${separated(operation, "_")}()`]),
    "",
  ].join("\n");
}

/** A command of the AWS CLI that makes the call again. */
export function asCommand({ operation, parameters, region, access_key: key }) {
  const lines = [
    `AWS_ACCESS_KEY_ID=${quoted(key ?? "test")} AWS_SECRET_ACCESS_KEY=test`,
    `aws ${serviceOf(operation)} ${separated(operation, "-")}`,
    `--endpoint-url ${quoted(location.origin)}`,
    `--region ${quoted(region ?? "us-east-1")}`,
  ];
  if (Object.keys(parameters).length) {
    lines.push(`--cli-input-json ${quoted(JSON.stringify(parameters))}`);
  }
  return `${lines.join(" \\\n  ")}\n`;
}

/** A command of curl that makes the call again; curl signs it. */
export function asCurl({ operation, parameters, region, access_key: key }) {
  const [scope, ...request] = isOfSns(operation)
    ? ["sns", ...form(operation, parameters).map((pair) => `--data-urlencode ${quoted(pair)}`)]
    : [
        "sms-voice",
        `--header ${quoted("Content-Type: application/x-amz-json-1.0")}`,
        `--header ${quoted(`X-Amz-Target: PinpointSMSVoiceV2.${operation}`)}`,
        `--data ${quoted(JSON.stringify(parameters))}`,
      ];
  const lines = [
    `curl ${quoted(`${location.origin}/`)}`,
    `--aws-sigv4 ${quoted(`aws:amz:${region ?? "us-east-1"}:${scope}`)}`,
    `--user ${quoted(`${key ?? "test"}:test`)}`,
    ...request,
  ];
  return `${lines.join(" \\\n  ")}\n`;
}

/** The pairs of a form, as SNS reads it: lists and maps are numbered. */
function form(operation, parameters) {
  const pairs = [`Action=${operation}`, "Version=2010-03-31"];
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== "object") pairs.push(`${name}=${value}`);
    else if (Array.isArray(value)) value.forEach((each, at) => pairs.push(`${name}.member.${at + 1}=${each}`));
    else Object.entries(value).forEach((entry, at) => pairs.push(...mapEntry(name, at + 1, entry)));
  }
  return pairs;
}

function mapEntry(name, number, [key, value]) {
  const [keyName, valueName] = name === "MessageAttributes" ? ["Name", "Value"] : ["key", "value"];
  const entry = `${name}.entry.${number}`;
  const values =
    typeof value === "object"
      ? Object.entries(value).map(([member, each]) => `${entry}.${valueName}.${member}=${each}`)
      : [`${entry}.${valueName}=${value}`];
  return [`${entry}.${keyName}=${key}`, ...values];
}

/** SendTextMessage becomes send_text_message, or send-text-message. */
function separated(operation, mark) {
  return operation
    .replaceAll(/(.)([A-Z][a-z]+)/g, `$1${mark}$2`)
    .replaceAll(/([a-z0-9])([A-Z])/g, `$1${mark}$2`)
    .toLowerCase();
}

/** A value as Python writes it. */
function python(value, indent = "") {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}${INDENT}`;
  const [open, close, entries] = Array.isArray(value)
    ? ["[", "]", value.map((each) => python(each, inner))]
    : [
        "{",
        "}",
        Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${python(each, inner)}`),
      ];
  const line = `${open}${entries.join(", ")}${close}`;
  if (line.length < 72 && !line.includes("\n")) return line;
  return [open, ...entries.map((each) => `${inner}${each},`), `${indent}${close}`].join("\n");
}

/** A text as a POSIX shell takes it literally. */
function quoted(text) {
  return /^[\w.:/@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

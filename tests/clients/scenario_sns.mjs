// An app that texts through SNS alone, in the words of the AWS SDK for JavaScript v3: see
// tests/clients/test_sns.py.
import { createRequire } from "node:module";

const [endpoint, body, modules] = process.argv.slice(2);
const sns = createRequire(`${modules}/`)("@aws-sdk/client-sns");

const PERSON = "+14255550100";
const client = new sns.SNSClient({
  region: "us-east-1",
  endpoint,
  credentials: { accessKeyId: "123456789012", secretAccessKey: "any" },
  maxAttempts: 1,
});
const send = (Command, given) => client.send(new Command(given));

async function refusalOf(promise) {
  try {
    await promise;
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata.httpStatusCode };
  }
  throw new Error("it was not refused");
}

await send(sns.SetSMSAttributesCommand, {
  attributes: { DefaultSMSType: "Transactional", MonthlySpendLimit: "1" },
});
const attributes = (await send(sns.GetSMSAttributesCommand, {})).attributes;
const status = await send(sns.GetSMSSandboxAccountStatusCommand, {});

const unverified = await send(sns.PublishCommand, { PhoneNumber: PERSON, Message: body });
await send(sns.CreateSMSSandboxPhoneNumberCommand, { PhoneNumber: PERSON });
const latest = `${endpoint}/_emulator/messages/latest?recipient=${encodeURIComponent(PERSON)}`;
const [code] = (await (await fetch(latest)).json()).codes;
const wrong = await refusalOf(
  send(sns.VerifySMSSandboxPhoneNumberCommand, { PhoneNumber: PERSON, OneTimePassword: "00000" }),
);
await send(sns.VerifySMSSandboxPhoneNumberCommand, { PhoneNumber: PERSON, OneTimePassword: code });
const numbers = [];
for await (const page of sns.paginateListSMSSandboxPhoneNumbers({ client, pageSize: 1 }, {})) {
  numbers.push(...page.PhoneNumbers);
}

const sent = await send(sns.PublishCommand, {
  PhoneNumber: PERSON,
  Message: body,
  MessageAttributes: {
    "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Promotional" },
    "AWS.SNS.SMS.MaxPrice": { DataType: "Number", StringValue: "0.50" },
  },
});
const refused = await refusalOf(
  send(sns.PublishCommand, { PhoneNumber: "nobody", Message: body }),
);
const topic = await refusalOf(send(sns.CreateTopicCommand, { Name: "alerts" }));
const { isOptedOut } = await send(sns.CheckIfPhoneNumberIsOptedOutCommand, { phoneNumber: PERSON });

console.log(
  JSON.stringify({
    attributes,
    sandbox: status.IsInSandbox,
    unverified: unverified.MessageId,
    wrong,
    numbers,
    sent: sent.MessageId,
    refused,
    topic,
    isOptedOut,
  }),
);

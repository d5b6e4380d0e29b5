/* Whom something is arranged for: an account in a Region. */

const DEFAULT_ACCOUNT = "123456789012";
const DEFAULT_REGION = "us-east-1";

/** The account and the Region that are looked at, or those that clients have by default. */
export function placeOf({ filters, accounts }) {
  const first = accounts.find(
    ({ account_id: id, region }) =>
      (!filters.account || id === filters.account) && (!filters.region || region === filters.region),
  );
  return {
    account_id: filters.account || first?.account_id || DEFAULT_ACCOUNT,
    region: filters.region || first?.region || DEFAULT_REGION,
  };
}

/** The fields of a form that name an account and a Region; empty is every one. */
export const placeFields = (isForAll) => [
  {
    name: "account_id",
    label: "Account",
    placeholder: isForAll ? "All accounts" : DEFAULT_ACCOUNT,
    inputmode: "numeric",
    pattern: "[0-9]{12}",
  },
  { name: "region", label: "Region", placeholder: isForAll ? "All Regions" : DEFAULT_REGION },
];

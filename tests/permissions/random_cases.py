"""Random cases of IAM's evaluation: a policy, a request, and one special construct."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from pinpoint_sms_emu.permissions import evaluation, policies
from pinpoint_sms_emu.permissions.evaluation import AccessRequest
from pinpoint_sms_emu.state.random_source import RandomSource

ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
USER = f"arn:aws:iam::{ACCOUNT}:user/app"
ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/session"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
POOL = f"arn:aws:sms-voice:us-east-1:{ACCOUNT}:pool/pool-1"
NUMBER = f"arn:aws:sms-voice:eu-west-1:{ACCOUNT}:phone-number/phone-1"
FOREIGN = f"arn:aws:sms-voice:us-east-1:{OTHER_ACCOUNT}:pool/pool-1"

ACTIONS: Final = ("sms-voice:SendTextMessage", "sms-voice:DescribePools", "sms-voice:DeletePool")
ACTION_PATTERNS: Final = (
    *ACTIONS,
    "*",
    "sms-voice:*",
    "sms-voice:Send*",
    "sms-voice:Describe?ools",
    "SMS-VOICE:deletepool",
    "s3:*",
)
RESOURCE_PATTERNS: Final = (
    "*",
    POOL,
    NUMBER,
    "arn:aws:sms-voice:*:*:pool/*",
    f"arn:aws:sms-voice:us-east-?:{ACCOUNT}:*",
    f"arn:aws:sms-voice:*:{ACCOUNT}:phone-number/*",
    "arn:aws:s3:::bucket",
)
CONTEXT: Final = {
    "aws:RequestedRegion": "us-east-1",
    "aws:PrincipalAccount": ACCOUNT,
    "aws:CurrentTime": "2026-06-01T12:00:00Z",
    "aws:SourceIp": "127.0.0.1",
    "aws:ResourceTag/team": "shop",
    "aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:topic",
    "aws:TagKeys": ["team", "cost"],
}
# The context keys of requests, with operators and values, of which some match.
CONDITIONS: Final = (
    ("aws:RequestedRegion", "StringEquals", ("us-east-1", "eu-west-1")),
    ("aws:RequestedRegion", "StringNotEquals", ("us-east-1", "eu-west-1")),
    ("aws:RequestedRegion", "StringEqualsIgnoreCase", ("US-EAST-1", "eu-west-1")),
    ("aws:RequestedRegion", "StringNotEqualsIgnoreCase", ("US-EAST-1", "eu-west-1")),
    ("aws:RequestedRegion", "StringLike", ("us-*", "eu-*", "us-east-?")),
    ("aws:RequestedRegion", "StringNotLike", ("us-*", "eu-*")),
    ("aws:PrincipalAccount", "NumericEquals", (ACCOUNT, "1")),
    ("aws:PrincipalAccount", "NumericNotEquals", (ACCOUNT, "1")),
    ("aws:PrincipalAccount", "NumericLessThan", (ACCOUNT, "999999999999")),
    ("aws:PrincipalAccount", "NumericLessThanEquals", (ACCOUNT, "1")),
    ("aws:PrincipalAccount", "NumericGreaterThan", (ACCOUNT, "1")),
    ("aws:PrincipalAccount", "NumericGreaterThanEquals", (ACCOUNT, "999999999999")),
    ("aws:CurrentTime", "DateEquals", ("2026-06-01T12:00:00Z", "2026-01-01T00:00:00Z")),
    ("aws:CurrentTime", "DateNotEquals", ("2026-06-01T12:00:00Z", "2026-01-01T00:00:00Z")),
    ("aws:CurrentTime", "DateLessThan", ("2026-06-01T12:00:00Z", "2027-01-01T00:00:00Z")),
    ("aws:CurrentTime", "DateLessThanEquals", ("2026-06-01T12:00:00Z", "2026-01-01T00:00:00Z")),
    ("aws:CurrentTime", "DateGreaterThan", ("2026-06-01T12:00:00Z", "2026-01-01T00:00:00Z")),
    ("aws:CurrentTime", "DateGreaterThanEquals", ("2026-06-01T12:00:00Z", "2027-01-01T00:00:00Z")),
    ("aws:SourceIp", "IpAddress", ("127.0.0.0/8", "10.0.0.0/8", "127.0.0.1")),
    ("aws:SourceIp", "NotIpAddress", ("127.0.0.0/8", "10.0.0.0/8")),
    ("aws:ResourceTag/team", "StringEquals", ("shop", "Shop", "web")),
    ("aws:SourceArn", "ArnLike", ("arn:aws:sns:*:*:*", "arn:aws:sqs:*:*:*")),
    ("aws:SourceArn", "ArnNotLike", ("arn:aws:sns:*:*:*", "arn:aws:sqs:*:*:*")),
    ("aws:SourceArn", "ArnEquals", (CONTEXT["aws:SourceArn"], "arn:aws:sqs:us-east-1:1:q")),
    ("aws:TagKeys", "ForAllValues:StringEquals", ("team", "cost", "name")),
    ("aws:TagKeys", "ForAnyValue:StringEquals", ("team", "name")),
    ("aws:TagKeys", "ForAnyValue:StringLike", ("te*", "na*")),
    ("aws:ResourceTag/team", "Null", ("true", "false")),
    ("aws:ResourceTag/none", "Null", ("true", "false")),
)
POSITIVE: Final = ("StringEquals", "StringLike", "NumericLessThan", "DateEquals", "IpAddress")
NEGATED: Final = ("StringNotEquals", "StringNotLike", "NumericNotEquals", "ArnNotLike")

Statement: TypeAlias = dict[str, Any]


class Case(NamedTuple):
    """One policy and one request, with the name of what is special about them."""

    construct: str
    policy: dict[str, Any]
    resource_policy: dict[str, Any] | None
    principal: str
    action: str
    resource: str
    context: dict[str, Any]


class Cases:
    """Makes cases, the same ones from the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = RandomSource(seed)

    def make(self) -> Case:
        """Make the next case."""
        construct = self._one_of(tuple(CONSTRUCTS))
        statements = [self._statement() for _ in range(self._one_of((1, 2, 3)))]
        policy = {"Version": "2012-10-17", "Statement": statements}
        action, resource = self._one_of(ACTIONS), self._one_of((POOL, POOL, NUMBER))
        case = Case(construct, policy, None, USER, action, resource, dict(CONTEXT))
        return CONSTRUCTS[construct](self, case)

    def _one_of(self, choices: tuple[Any, ...]) -> Any:
        return choices[self._random.below(len(choices))]

    def _some_of(self, choices: tuple[str, ...]) -> str | list[str]:
        if self._random.below(3):
            return str(self._one_of(choices))
        return [self._one_of(choices), self._one_of(choices)]

    def _statement(self) -> Statement:
        statement: Statement = {
            "Effect": self._one_of(("Allow", "Allow", "Allow", "Deny")),
            self._one_of(("Action", "Action", "NotAction")): self._some_of(ACTION_PATTERNS),
            self._one_of(("Resource", "Resource", "NotResource")): self._some_of(RESOURCE_PATTERNS),
        }
        if self._random.below(2):
            key, operator, values = self._one_of(CONDITIONS)
            statement["Condition"] = {operator: {key: self._one_of(values)}}
        return statement

    # Constructs: each returns a case that has it.

    def plain(self, case: Case) -> Case:
        """Only what every statement may have."""
        return case

    def several_values(self, case: Case) -> Case:
        """A condition with several values, of which one matches."""
        found = (each for each in CONDITIONS if "Not" not in each[1] and each[1] != "Null")
        key, operator, values = self._one_of(tuple(found))
        return self._with_condition(case, operator, key, list(values[:2]))

    def several_excluded_values(self, case: Case) -> Case:
        """A negated operator with several values, of which one is the request's."""
        found = (each for each in CONDITIONS if "Not" in each[1])
        key, operator, values = self._one_of(tuple(found))
        return self._with_condition(case, operator, key, list(values[:2]))

    def absent_key(self, case: Case) -> Case:
        """A key that the request does not have."""
        return self._with_condition(case, self._one_of(POSITIVE), "aws:Absent", "1")

    def excluded_absent_key(self, case: Case) -> Case:
        """A negated operator with a key that the request does not have."""
        return self._with_condition(case, self._one_of(NEGATED), "aws:Absent", "1")

    def absent_key_if_exists(self, case: Case) -> Case:
        """IfExists with a key that the request has, or has not."""
        operator = f"{self._one_of(('StringEquals', 'StringNotEquals'))}IfExists"
        key = self._one_of(("aws:Absent", "aws:RequestedRegion"))
        return self._with_condition(case, operator, key, "us-east-1")

    def all_of_no_values(self, case: Case) -> Case:
        """ForAllValues with a key that the request does not have."""
        return self._with_condition(case, "ForAllValues:StringEquals", "aws:Absent", "1")

    def any_of_no_values(self, case: Case) -> Case:
        """ForAnyValue with a key that the request does not have."""
        return self._with_condition(case, "ForAnyValue:StringEquals", "aws:Absent", "1")

    def key_in_other_letters(self, case: Case) -> Case:
        """A condition key whose letter case differs from the request's."""
        return self._with_condition(case, "StringEquals", "AWS:requestedregion", "us-east-1")

    def brackets(self, case: Case) -> Case:
        """A pattern with brackets, which are not wildcards in IAM."""
        return self._with_condition(case, "StringLike", "aws:RequestedRegion", "[tu]s-east-1")

    def arn_equals_pattern(self, case: Case) -> Case:
        """ArnEquals with a wildcard."""
        return self._with_condition(case, "ArnEquals", "aws:SourceArn", "arn:aws:sns:*:*:*")

    def seconds_since_1970(self, case: Case) -> Case:
        """A date as a number."""
        operator = self._one_of(("DateGreaterThan", "DateLessThan"))
        return self._with_condition(case, operator, "aws:CurrentTime", "1767225600")

    def incomplete_arn(self, case: Case) -> Case:
        """An ARN with fewer than six parts."""
        return self._with_resource(case, "arn:aws:sms-voice")

    def variable(self, case: Case) -> Case:
        """A variable that the request has a value for."""
        return self._with_resource(case, "arn:aws:sms-voice:${aws:RequestedRegion}:*:*")

    def variable_with_default(self, case: Case) -> Case:
        """A variable with a default, for requests without a value."""
        return self._with_resource(case, "arn:aws:sms-voice:*:*:pool/${aws:Absent, 'pool-1'}")

    def variable_without_value(self, case: Case) -> Case:
        """A variable without a value or a default, followed by a wildcard."""
        return self._with_resource(case, "arn:aws:sms-voice:*:*:${aws:Absent}*")

    def variable_of_the_old_version(self, case: Case) -> Case:
        """A variable in a document of the older version, which has no variables."""
        case.policy["Version"] = "2008-10-17"
        return self._with_resource(case, "arn:aws:sms-voice:${aws:RequestedRegion}:*:*")

    def no_resource(self, case: Case) -> Case:
        """An operation that is checked on no resource."""
        return case._replace(resource="*")

    def resource_policy(self, case: Case) -> Case:
        """A resource-based policy in the caller's own account."""
        principals = ("*", {"AWS": USER}, {"AWS": f"{USER}s"}, {"AWS": OTHER_ACCOUNT})
        return self._shared(case, Principal=self._one_of(principals))

    def resource_policy_not_principal(self, case: Case) -> Case:
        """A resource-based policy with NotPrincipal."""
        return self._shared(case, NotPrincipal=self._one_of(({"AWS": USER}, {"AWS": f"{USER}s"})))

    def resource_policy_for_the_account(self, case: Case) -> Case:
        """A resource-based policy whose principal is the caller's account."""
        return self._shared(case, Principal=self._one_of(({"AWS": ACCOUNT}, {"AWS": ROOT})))

    def role_of_a_session(self, case: Case) -> Case:
        """A resource-based policy whose principal is the role that the caller has assumed."""
        role = f"arn:aws:iam::{ACCOUNT}:role/app"
        return self._shared(case._replace(principal=ROLE), Principal={"AWS": role})

    def another_account(self, case: Case) -> Case:
        """A resource of another account, shared or not."""
        case = case._replace(resource=FOREIGN)
        return self._shared(case, Principal={"AWS": USER}) if self._random.below(2) else case

    def _with_condition(self, case: Case, operator: str, key: str, value: Any) -> Case:
        self._one_of(tuple(case.policy["Statement"]))["Condition"] = {operator: {key: value}}
        return case

    def _with_resource(self, case: Case, pattern: str) -> Case:
        statement = self._one_of(tuple(case.policy["Statement"]))
        statement["Resource" if "Resource" in statement else "NotResource"] = pattern
        return case

    def _shared(self, case: Case, **principal: Any) -> Case:
        statement = {**self._statement(), "Effect": self._one_of(("Allow", "Allow", "Deny"))}
        document = {"Version": "2012-10-17", "Statement": [statement | principal]}
        return case._replace(resource_policy=document)


CONSTRUCTS: Final[Mapping[str, Callable[[Cases, Case], Case]]] = {
    name: function
    for name, function in vars(Cases).items()
    if not name.startswith("_") and name != "make"
}


def decide(case: Case) -> str:
    """Return the emulator's decision."""
    context = {
        key.lower(): tuple(value) if isinstance(value, list) else (value,)
        for key, value in case.context.items()
    }
    shared = case.resource_policy
    denial = evaluation.denial(
        AccessRequest(case.principal, case.action, case.resource, context),
        [policies.read(case.policy)],
        policies.read_of_resource(shared) if shared else None,
    )
    if denial is None:
        return "ALLOW"
    return "EXPLICIT_DENY" if denial.reason.name.startswith("DENIED") else "IMPLICIT_DENY"

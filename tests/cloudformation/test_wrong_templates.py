"""Invalid templates: each is refused in one line with the place, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.settings import Settings

LIST = "AWS::SMSVOICE::OptOutList"
POLICY = "AWS::SMSVOICE::ResourcePolicy"
NAME = "Resources.L.Properties.OptOutListName"


def named(name: Any, **more: Any) -> dict[str, Any]:
    """A template of an opt-out list with this name, and further sections."""
    return {"Resources": {"L": {"Type": LIST, "Properties": {"OptOutListName": name}}}, **more}


def declared(**constraints: Any) -> dict[str, Any]:
    """A template with one parameter."""
    return named("a", Parameters={"P": {"Type": "String", "Default": "a", **constraints}})


def refusal(template: Any) -> str:
    """The one-line error about a template, which is the same at the start and in an update."""
    sms = Emulator()
    before = sms.snapshot()
    with pytest.raises(ValueError, match="seed_file") as at_start:
        Emulator(seed_file=template)
    with pytest.raises(ValueError, match="the template") as in_update:
        sms.stack.update(template)
    assert sms.snapshot() == before
    assert str(in_update.value).isprintable()
    assert str(at_start.value) == str(in_update.value).replace("the template", "seed_file", 1)
    return str(in_update.value)


def nested(levels: int, function: str = "Fn::Join") -> Any:
    """A function nested in itself."""
    value: Any = "a"
    for _ in range(levels):
        value = {function: ["", [value]]}
    return value


@pytest.mark.rule("cfn-functions")
@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"Fn::FindInMap": ["M", "x", "y", "z"]}, "must have a DefaultValue, not 'z'"),
        ({"Fn::FindInMap": ["M", "x", "y", {}]}, "must have a DefaultValue, not {}"),
        ({"Fn::ToJsonString": {"Ref": "AWS::NoValue"}}, "not AWS::NoValue"),
        ({"Fn::Select": ["9" * 5000, ["a"]]}, "has no entry 999"),
        ({"Fn::Base64": "\ud800"}, "is not Unicode: '\\ud800'"),
        ({"Fn::GetAtt": ["O", {"Ref": "AWS::NoValue"}]}, "must be text, not AWS::NoValue"),
        (nested(60), "is nested too deeply"),
        (float("nan"), "must be a finite number, not nan"),
    ],
    ids=str,
)
def test_invalid_function_arguments(value, why):
    """A function with invalid arguments is reported with its property."""
    line = refusal({"Resources": {"O": {"Type": LIST}, **named(value)["Resources"]}})

    assert f"{NAME}: " in line
    assert why in line


@pytest.mark.parametrize("place", [(), ("Resources", "O"), ("Resources", "O", "Metadata")], ids=str)
def test_names_must_be_utf_8(place):
    """A name that cannot be encoded in UTF-8 could not be stored, wherever it is."""
    template: dict[str, Any] = {"Resources": {"O": {"Type": LIST, "Metadata": {}}}}
    inner = template
    for step in place:
        inner = inner[step]
    inner["\ud800"] = "x"

    assert "has a name that is not Unicode: '\\ud800'" in refusal(template)


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "x" * 5_000},
        {"Fn::GetAtt": ["x" * 5_000, "Arn"]},
        {"Fn::Sub": "${" + "x" * 5_000 + "}"},
    ],
)
def test_long_names_are_quoted_in_part(value):
    """The error about an unknown name has at most 80 characters of it."""
    assert len(refusal(named(value))) < 600
    assert len(refusal({"Resources": {"O": {"Type": LIST, "DependsOn": "x" * 5_000}}})) < 600


@pytest.mark.rule("cfn-functions")
def test_deep_nesting_is_refused():
    """The error about a deeply nested template does not mention Python's recursion limit."""
    with pytest.raises(ValueError, match=r"^seed_file is nested too deeply$"):
        Emulator(seed_file=named(nested(200)))
    with pytest.raises(ValueError, match=r"nested too deeply$"):
        Emulator().stack.update(named(nested(100_000)))


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("AllowedPattern", ["a"], "must be a regular expression, not ['a']"),
        ("AllowedPattern", "(", "must be a regular expression, not '('"),
        ("AllowedPattern", "(" * 9999 + ")" * 9999, "must be a regular expression, not '(((("),
        ("AllowedValues", 3, "must be a list, not 3"),
        ("MinLength", [1], "must be a number, not [1]"),
        ("MinLength", "x", "must be a number, not 'x'"),
        ("MaxLength", "9" * 5000, "must be a number, not '999"),
        ("MinValue", "x", "must be a number, not 'x'"),
        ("MaxValue", 10**400, "must be a number, not 1000"),
        ("Type", "Sting", "must be a type such as String or Number, not 'Sting'"),
        ("Default", ["a"], "must be text, not ['a']"),
    ],
)
def test_invalid_constraints_of_parameters(name, value, why):
    """An invalid constraint is reported, for every type of parameter."""
    assert f"Parameters.P.{name}: {why}" in refusal(declared(**{name: value}))


@pytest.mark.parametrize("value", [None, {"a": 1}, ["a", None]], ids=str)
def test_values_of_parameters_are_texts(value):
    """What has no spelling is refused, not handed on in Python's."""
    with pytest.raises(ValueError, match=r"^seed_parameters must have texts as values"):
        Emulator(seed_file=declared(), seed_parameters={"P": value})


@pytest.mark.parametrize("default", ["\ud800"])
def test_parameter_values_must_be_utf_8(default):
    """A value that cannot be encoded in UTF-8 could not be stored, and is refused."""
    with pytest.raises(ValueError, match=r"^seed_file, Parameters\.P: is not Unicode"):
        Emulator(seed_file=declared(), seed_parameters={"P": default})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            {
                "Resources": {"X": {"Type": "AWS::SMSVOICE::Nope"}},
                "Outputs": {"O": {"Value": {"Fn::GetAtt": ["X", "Arn"]}}},
            },
            "the template, Resources.X.Type: is unknown; ",
        ),
        (
            {
                "Conditions": {"No": {"Fn::Equals": ["a", "b"]}},
                "Resources": {"X": {"Type": "AWS::SMSVOICE::Nope", "Condition": "No"}},
            },
            "the template, Resources.X.Type: is unknown; ",
        ),
        (
            {"Resources": {"A\nB": {"Type": "AWS::SMSVOICE::Nope"}}},
            "the template, Resources.A\\nB: must be a logical id, ",
        ),
        (
            {"Resources": {"L": {"Type": LIST, "Properties": {"A\nB": 1}}}},
            "the template, Resources.L.Properties.A\\nB: is not known; ",
        ),
        (
            {
                "Resources": {
                    "P": {
                        "Type": POLICY,
                        "Properties": {"ResourceArn": "a" * 20, "PolicyDocument": "[" * 100_000},
                    }
                }
            },
            "the template, Resources.P.Properties.PolicyDocument: must be a mapping, not '[[[",
        ),
        (
            {
                "Resources": {
                    "P": {
                        "Type": POLICY,
                        "Properties": {
                            "ResourceArn": "a" * 20,
                            "PolicyDocument": '{"a":' * 500 + "1" + "}" * 500,
                        },
                    }
                }
            },
            "the template, Resources.P.Properties.PolicyDocument: must be a mapping, not '{",
        ),
    ],
)
def test_invalid_resources(template, expected):
    """A resource of an unknown type, or with a property of the wrong type, is reported."""
    assert refusal(template).startswith(expected)


@pytest.mark.parametrize("value", [r'"\ud800"', "NaN", "-Infinity", "1e999"])
def test_a_policy_as_text_that_a_state_cannot_have(value):
    """Such a stack could not be read from the state again."""
    properties = {"ResourceArn": "a" * 20, "PolicyDocument": f'{{"Statement": [{value}]}}'}

    refused = refusal({"Resources": {"P": {"Type": POLICY, "Properties": properties}}})

    assert refused.startswith(
        "the template, Resources.P.Properties.PolicyDocument: must be a mapping, not '{"
    )


def test_another_services_type_with_braces():
    """The type of another service's resource can be any string."""
    other = {"O": {"Type": "AWS::{x}::{y}"}}
    output = {"O": {"Value": {"Fn::GetAtt": ["O", "Arn"]}}}
    sms = Emulator(seed_file={"Resources": other, "Outputs": output})

    assert sms.stack.outputs == {"O": "arn:aws:{x}:us-east-1:123456789012:{y}/seed-O"}


@pytest.mark.parametrize("template", [None, 3, [], b"t.json", ()])
def test_a_template_is_a_path_or_a_mapping(template):
    """Any other value is refused."""
    with pytest.raises(ValueError, match=r"^the template must be a path or a mapping, not "):
        Emulator().stack.update(template)


@pytest.mark.parametrize("name", ["seed_file", "policies", "data_dir", "signing_keys"])
@pytest.mark.parametrize("value", [[], 3, b"t.json"])
def test_invalid_paths(name, value):
    """The error about a setting that takes a path does not repeat Python's."""
    with pytest.raises(ValueError, match=rf"^{name} must be a path that is not empty, not "):
        Settings.of(**{name: value})


@pytest.mark.parametrize("levels", [40, 5000])
def test_conditions_are_evaluated_once(levels):
    """Conditions that refer to others twice do not take exponential time."""
    conditions: dict[str, Any] = {"C0": {"Fn::Equals": ["a", "a"]}}
    for level in range(1, levels):
        former = {"Condition": f"C{level - 1}"}
        conditions[f"C{level}"] = {"Fn::And": [former, former]}
    template = named("a", Conditions=conditions)
    template["Resources"]["L"]["Condition"] = f"C{levels - 1}"

    if levels < 1000:
        assert Emulator(seed_file=template).stack.resources == {"L": "a"}
    else:
        assert "Conditions.C4999: is nested too deeply" in refusal(template)


@pytest.mark.rule("cfn-deletion-policy")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DeletionPolicy", "Retian"),
        ("DeletionPolicy", "Snapshot"),
        ("DeletionPolicy", 3),
        ("DeletionPolicy", None),
        ("DeletionPolicy", ["Retain"]),
        ("UpdateReplacePolicy", "RetainExceptOnCreate"),
        ("UpdateReplacePolicy", {"Ref": "AWS::Region"}),
        ("UpdateReplacePolicy", {"Fn::If": ["Yes", "Retian", "Retain"]}),
    ],
)
def test_invalid_deletion_policies(name, value):
    """A misspelled DeletionPolicy is refused: the resource would not be retained."""
    template = named("a", Conditions={"Yes": {"Fn::Equals": ["a", "a"]}})
    template["Resources"]["L"][name] = value

    line = refusal(template)

    assert line.startswith(f"the template, Resources.L.{name}: must be one of Delete, Retain")


@pytest.mark.parametrize("name", ["L", "Z"])
def test_a_deletion_policy_has_no_references(name):
    """A DeletionPolicy cannot depend on a resource."""
    template = named("a")
    template["Resources"]["L"]["DeletionPolicy"] = {"Ref": name}

    assert refusal(template).startswith(
        "the template, Resources.L.DeletionPolicy: must refer to parameters that have a value"
    )


def test_conditions_have_no_references():
    """Conditions are evaluated before any resource is created."""
    template = named("a", Conditions={"C": {"Fn::Equals": [{"Ref": "L"}, "a"]}})

    assert refusal(template).startswith("the template, Conditions.C[0]: names the resource L, ")


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{each}: &{each} [{', '.join([f'*{former}'] * 10)}]\n"
    for former, each in zip("abcdefg", "bcdefgh", strict=True)
)
YAML_LIST = "Resources:\n  L:\n    Type: AWS::SMSVOICE::OptOutList\n"


@pytest.mark.rule("cfn-yaml")
@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        (LAUGHS, "t.yaml", "line 2: CloudFormation does not support YAML aliases such as *a"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", "t.yaml", "line 3: CloudFormation does not support"),
        ("a:\n  <<: {b: 1}\n", "t.yaml", "line 2: CloudFormation does not support YAML merges"),
        ("a: &a [*a]\n", "t.yaml", "line 1: CloudFormation does not support YAML aliases"),
        (YAML_LIST + "  L: {}\n", "t.yaml", "line 4: the key 'L' is given twice"),
        (YAML_LIST + "Resources: {}\n", "t.yml", "line 4: the key 'Resources' is given twice"),
        ('a: !Sub ["", {b: 1, b: 2}]\n', "t.yaml", "line 1: the key 'b' is given twice"),
        ('{"Resources": {}, "Resources": {}}', "t.json", "the key 'Resources' is given twice"),
        ("[" * 100_000, "t.json", "it is nested too deeply"),
        ("[" * 100_000, "t.yaml", "it is nested too deeply"),
        ("a: \x1b[31m", "t.yaml", "unacceptable character #x001b"),
        ("a: b: \u202e", "t.yaml", "mapping values are not allowed here"),
        ("a: \0", "t.yaml", "unacceptable character #x0000"),
    ],
)
def test_invalid_yaml(written, text, name, why):
    """YAML that CloudFormation does not accept is refused with its line."""
    file = written(text, name)

    with pytest.raises(ValueError, match="the seed file") as refused:
        Emulator(seed_file=file)

    assert str(refused.value).startswith(f"the seed file {file}: it is no template: {why}")
    assert str(refused.value).isprintable()

"""Reading templates: JSON, YAML and mappings, and all mistakes, each on a line with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.cloudformation import templates
from pinpoint_sms_emu.seed import seed_template
from tests.doors.serving import make_client, run, serving

LIST = {"Type": "AWS::SMSVOICE::OptOutList"}
GOOD = {"Resources": {"List": {**LIST, "Properties": {"OptOutListName": "Marketing"}}}}

YAML = """\
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
Resources:
  List:
    Type: AWS::SMSVOICE::OptOutList
    Properties:
      OptOutListName: !Sub
        - "${Name}-${Stage}-${AWS::Region}"
        - Name: !Select [1, !Split [".", "a.marketing"]]
  Policy:
    Type: AWS::SMSVOICE::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt List.Arn
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::210987654321:root"}
            Action: ["sms-voice:*"]
Outputs:
  Name: {Value: !If [IsDev, !Ref List, !Ref AWS::NoValue]}
"""


def mistakes(template: Any, **parameters: str) -> list[str]:
    """All mistakes of a template, without the file's name."""
    found = seed_template.find_mistakes(template, parameters)
    return [each.removeprefix("the template, ") for each in found]


@pytest.mark.parametrize("name", ["t.json", "t.yaml", "t.yml", "t.template"])
def test_json_is_read_from_any_suffix(written, name):
    """JSON is read whatever the file's suffix is, as `cdk synth` and other tools write it."""
    with mock_sms(seed_file=written(GOOD, name)) as sms:
        assert sms.stack.resources == {"List": "Marketing"}


@pytest.mark.parametrize("name", ["t.yaml", "t.yml", "t.template"])
def test_yaml_with_short_forms(written, name):
    """Short forms of functions are read, and dates stay strings."""
    with mock_sms(seed_file=written(YAML, name)) as sms:
        assert sms.stack.outputs == {"Name": "marketing-dev-us-east-1"}


def test_a_mapping_with_resources_is_a_template():
    """A mapping with Resources is a template; any other is a seed."""
    with mock_sms(seed_file={"opt_out_lists": [{"opt_out_list_name": "Toml"}]}) as sms:
        assert sms.stack.resources == {}
    with mock_sms(seed_file=GOOD) as sms:
        assert sms.stack.resources == {"List": "Marketing"}


def test_pyyaml_is_only_needed_for_yaml(written):
    """PyYAML is loaded only for YAML templates; if it is missing, the error names it."""
    file, other = written(GOOD, "t.json"), written(YAML, "t.yaml")
    code = f"""if True:
        import sys
        sys.modules["yaml"] = None
        from pinpoint_sms_emu import Emulator
        print(Emulator(seed_file={str(file)!r}).stack.resources)
        try:
            Emulator(seed_file={str(other)!r})
        except ValueError as error:
            print(error)
    """
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == (
        "{'List': 'Marketing'}\n"
        f"the seed file {other}: YAML needs a package: pip install pyyaml\n"
    )


def test_an_emulator_without_templates_loads_no_template_code():
    """Without a template, the modules for templates are not loaded."""
    code = """if True:
        import sys
        from pinpoint_sms_emu import mock_sms
        import boto3
        with mock_sms() as sms:
            boto3.client("pinpoint-sms-voice-v2", "us-east-1").describe_pools()
            print([each for each in sys.modules if "cloudformation" in each or each == "yaml"])
    """
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "[]\n"


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("[]", "t.json", "it is no template: it must be a mapping of sections"),
        ("{", "t.json", "it is no template: "),
        ("a: [", "t.yaml", "it is no template: "),
        ("a: !Ref", "t.yaml", None),
    ],
)
def test_invalid_templates_are_refused(written, text, name, why):
    """An unreadable template is reported in one line with the file's name."""
    file = written(text, name)

    [found] = seed_template.find_mistakes(file, {}) if why else [f"{file}: "]

    assert found.startswith(f"{file}: {why or ''}")
    with pytest.raises(ValueError, match="the seed file"):
        Emulator(seed_file=file)


def test_a_missing_file_is_refused(tmp_path):
    """The error has the system's reason."""
    with pytest.raises(ValueError, match=r"t\.yaml: it cannot be read: No such file"):
        Emulator(seed_file=tmp_path / "t.yaml")


def changed(**sections: Any) -> dict[str, Any]:
    """A template with changed sections."""
    return {**GOOD, **sections}


def with_name(value: Any) -> dict[str, Any]:
    """A template of an opt-out list whose name is to be resolved."""
    return {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Mappings": {"Names": {"dev": {"List": "Marketing"}}},
        "Conditions": {"IsLive": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
        "Resources": {
            "List": {**LIST, "Properties": {"OptOutListName": value}},
            "Live": {**LIST, "Condition": "IsLive"},
        },
    }


PLACE = "Resources.List.Properties.OptOutListName"


@pytest.mark.rule("cfn-functions")
@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"Ref": "Stag"}, "there is no parameter or resource Stag; did you mean Stage?"),
        ({"Ref": 1}, "Ref must name something, not 1"),
        ({"Ref": "Live"}, "Live is not made: IsLive does not hold"),
        ({"Fn::GetAtt": ["Lis", "Arn"]}, "there is no resource Lis; did you mean List?"),
        ({"Fn::GetAtt": ["Live", "Name"]}, "Live has no attribute Name; choose from Arn"),
        ({"Fn::GetAtt": "Live"}, "Fn::GetAtt must be a resource and an attribute"),
        ({"Fn::Sub": "${Stag}"}, "there is no parameter or resource Stag; did you mean Stage?"),
        ({"Fn::Sub": ["${A}"]}, "Fn::Sub must be text, or a list of text and a mapping"),
        ({"Fn::Join": ["-"]}, "Fn::Join must be a list of a delimiter and a list"),
        ({"Fn::Join": ["-", "text"]}, "must be a list, not 'text'"),
        ({"Fn::Select": [3, ["a"]]}, "has no entry 3 among 1"),
        ({"Fn::Select": ["1" * 5_000, ["a"]]}, f"has no entry {'1' * 80} among 1"),
        ({"Fn::Select": 3}, "Fn::Select must be a list of an index and a list"),
        ({"Fn::Split": ["-", ["a"]]}, "must be text, not ['a']"),
        ({"Fn::If": ["IsLiv", "a", "b"]}, "there is no condition IsLiv; did you mean IsLive?"),
        ({"Fn::If": ["IsLive", "a"]}, "Fn::If must be a list of a condition and two values"),
        ({"Fn::FindInMap": ["Names", "live", "List"]}, "Names.live.List is not in Mappings"),
        ({"Fn::FindInMap": ["Names"]}, "Fn::FindInMap must be a list of a map and two keys"),
        ({"Fn::ImportValue": "other-stack"}, "Fn::ImportValue cannot be resolved here"),
        ({"Fn::Transform": {"Name": "Mine"}}, "Fn::Transform cannot be resolved here"),
        ("{{resolve:ssm:name}}", "{{resolve:ssm:name}} is kept by another service, not here"),
        (["a"], "must be text, not ['a']"),
    ],
)
def test_unresolvable_values_are_reported(value, why):
    """Each unresolvable value is reported with its place, and nothing else is."""
    assert mistakes(with_name(value)) == [f"{PLACE}: {why}"]


@pytest.mark.rule("cfn-functions")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "a-${!Stage}"}, "a-${Stage}"),
        ({"Fn::Sub": ["${A}-${Stage}", {"A": {"Ref": "AWS::AccountId"}}]}, "123456789012-dev"),
        ({"Fn::Sub": "${AWS::Partition}${AWS::URLSuffix}"}, "awsamazonaws.com"),
        ({"Fn::Join": ["-", ["a", 1, True, {"Ref": "AWS::NoValue"}]]}, "a-1-true"),
        ({"Fn::Select": ["1", ["a", "b"]]}, "b"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "us-east-1a"),
        ({"Fn::Select": [1, {"Fn::Split": ["-", "a-b"]}]}, "b"),
        ({"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "List"]}, "Marketing"),
        ({"Fn::FindInMap": ["Names", "x", "List", {"DefaultValue": "Other"}]}, "Other"),
        ({"Fn::If": ["IsLive", {"Ref": "Live"}, "no"]}, "no"),
        ({"Fn::Base64": "Hello"}, "SGVsbG8="),
        ({"Fn::ToJsonString": {"a": [1]}}, '{"a":[1]}'),
        ({"Fn::Join": ["", [{"Fn::Length": ["a", "b"]}]]}, "2"),
        ({"Ref": "AWS::StackName"}, "seed"),
    ],
)
def test_intrinsic_functions(value, expected):
    """Each function returns what CloudFormation returns."""
    template = with_name("Marketing") | {"Outputs": {"Value": {"Value": value}}}
    with mock_sms(seed_file=template) as sms:
        assert sms.stack.outputs == {"Value": expected}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Equals": ["true", True]}, True),
        ({"Fn::Not": [{"Fn::Equals": ["a", "a"]}]}, False),
        ({"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]}, False),
        ({"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]}, True),
    ],
)
def test_conditional_resources_and_outputs(condition, holds):
    """A resource or output exists if its condition is true."""
    template = {
        "Conditions": {
            "Yes": {"Fn::Equals": ["a", "a"]},
            "No": {"Fn::Equals": ["a", "b"]},
            "Asked": condition,
        },
        "Resources": {"List": {**LIST, "Condition": "Asked"}},
        "Outputs": {"Name": {"Condition": "Asked", "Value": {"Ref": "List"}}},
    }
    with mock_sms(seed_file=template) as sms:
        assert bool(sms.stack.resources) == bool(sms.stack.outputs) == holds


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ({"Resources": {}}, ["Resources: must have at least one resource"]),
        (changed(Outputs=[]), ["Outputs: must be a mapping, not []"]),
        (changed(Outputs={"A": "x"}), ["Outputs.A: must be a mapping with a Value"]),
        ({"Resources": {"A": "x"}}, ["Resources.A: must be a mapping with a Type"]),
        (
            {"Resources": {"Fn::ForEach::A": ["x"]}},
            ["Resources.Fn::ForEach::A: must be a mapping with a Type"],
        ),
        (
            {"Resources": {"A": {**LIST, "Properties": [1]}}},
            ["Resources.A.Properties: must be a mapping, not [1]"],
        ),
        (
            {"Resources": {"A": {"Type": "AWS::SMSVOICE::Poo"}}},
            ["Resources.A.Type: is unknown; did you mean AWS::SMSVOICE::Pool?"],
        ),
        (
            {"Resources": {"A": {**LIST, "DependsOn": "B"}}},
            ["Resources.A.DependsOn: there is no resource B; choose from A"],
        ),
        (
            {"Resources": {"A": {**LIST, "Condition": "B"}}},
            ["Resources.A.Condition: there is no condition B; there are none"],
        ),
        (
            {"Resources": {"A": {**LIST, "DependsOn": "B"}, "B": {**LIST, "DependsOn": ["A"]}}},
            ["Resources.A: is part of a circle of dependencies: A needs B needs A"],
        ),
        (
            changed(
                Conditions={"A": {"Condition": "A"}}, Outputs={"B": {"Condition": "A", "Value": 1}}
            ),
            ["Conditions.A: refers to itself"],
        ),
        (
            changed(Conditions={"A": "yes"}, Outputs={"B": {"Condition": "A", "Value": 1}}),
            ["Conditions.A: must be one of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition"],
        ),
    ],
)
def test_mistakes_in_sections(template, expected):
    """Sections and resources of the wrong form are reported with their places."""
    assert mistakes(template) == expected


def test_all_mistakes_are_found():
    """Every mistake has a line; consequences of a mistake elsewhere are not reported."""
    template = {
        "Resources": {
            "List": {**LIST, "Properties": {"OptOutListName": "not allowed", "Nonsense": 1}},
            "Policy": {
                "Type": "AWS::SMSVOICE::ResourcePolicy",
                "Properties": {"ResourceArn": {"Fn::GetAtt": ["List", "Arn"]}, "PolicyDocument": 1},
            },
            "Default": {**LIST, "Properties": {"OptOutListName": "Default"}},
        },
        "Outputs": {
            "Arn": {"Value": {"Fn::GetAtt": ["List", "Arn"]}},
            "No": {"Value": {"Ref": "X"}},
        },
    }

    found = mistakes(template)

    assert sorted(each.partition(": ")[0] for each in found) == [
        "Outputs.No.Value",
        "Resources.Default.Properties.OptOutListName",
        "Resources.List.Properties.Nonsense",
        "Resources.List.Properties.OptOutListName",
        "Resources.Policy.Properties.PolicyDocument",
    ]
    assert all("\n" not in each for each in found)


DECLARED = {
    "Number": {"Type": "Number", "MinValue": 1, "MaxValue": 9, "Default": 5},
    "Text": {"Type": "String", "AllowedPattern": "[a-z]+", "MinLength": 2, "MaxLength": 4},
    "One": {"Type": "String", "AllowedValues": ["a", "b"], "Default": "a"},
    "Many": {"Type": "CommaDelimitedList", "Default": "a, b"},
    "Some": {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"], "Default": "a, b"},
    "Words": {"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+", "Default": "a, bc"},
    "Numbers": {"Type": "List<Number>", "MaxValue": 9, "Default": "1, 2.5"},
    "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/name"},
}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "Parameters.Text: needs a value: --seed-parameters Text=VALUE"),
        ({"Text": "A"}, "Parameters.Text: must match [a-z]+"),
        ({"Text": "a"}, "Parameters.Text: must have at least 2 characters"),
        ({"Text": "abcde"}, "Parameters.Text: must have at most 4 characters"),
        ({"Text": "ab", "Number": "x"}, "Parameters.Number: must be a number, not 'x'"),
        ({"Text": "ab", "Number": "0"}, "Parameters.Number: must be at least 1"),
        ({"Text": "ab", "Number": "10"}, "Parameters.Number: must be at most 9"),
        ({"Text": "ab", "Number": "1_0"}, "Parameters.Number: must be a number, not '1_0'"),
        ({"Text": "ab", "Number": "nan"}, "Parameters.Number: must be a number, not 'nan'"),
        ({"Text": "ab", "Some": "a,c"}, "Parameters.Some: must be one of a, b, not 'c'"),
        ({"Text": "ab", "Words": "a,B"}, "Parameters.Words: must match [a-z]+"),
        ({"Text": "ab", "Numbers": "1,x"}, "Parameters.Numbers: must be a number, not 'x'"),
        ({"Text": "ab", "Numbers": "1,10"}, "Parameters.Numbers: must be at most 9"),
        ({"Text": "ab", "One": "c"}, "Parameters.One: must be one of a, b, not 'c'"),
        (
            {"Text": "ab", "Tex": "c"},
            "Parameters: there is no parameter Tex; did you mean Text?",
        ),
    ],
)
def test_parameters(given, why):
    """A parameter's value must fit its declaration; unknown parameters are mistakes."""
    assert mistakes(changed(Parameters=DECLARED), **given) == [why]


def test_parameter_types():
    """Lists are lists, and parameters from Systems Manager must be given where they are used."""
    outputs = {
        "Many": {"Value": {"Fn::Join": ["+", {"Ref": "Many"}]}},
        "Some": {"Value": {"Fn::Join": ["+", {"Ref": "Some"}]}},
        "Stored": {"Value": {"Ref": "Stored"}},
    }
    template = changed(Parameters=DECLARED, Outputs=outputs)
    expected = "Outputs.Stored.Value: Stored is a value of Systems Manager, which is not emulated"
    [found] = mistakes(template, Text="ab")
    assert found == f"{expected}: --seed-parameters Stored=VALUE"
    given = {"Text": "ab", "Many": ["x", "y"], "Stored": "ACME"}

    with mock_sms(seed_file=template, seed_parameters=given) as sms:
        assert sms.stack.outputs == {"Many": "x+y", "Some": "a+b", "Stored": "ACME"}


@pytest.mark.parametrize("seed_file", [{"opt_out_lists": []}, None])
def test_parameters_without_a_template(seed_file):
    """Parameters without a template are refused, at the start and by a reset."""
    given = {"seed_file": seed_file, "seed_parameters": {"Stage": "dev"}}
    emulator = Emulator()

    for with_settings in (Emulator, emulator.reset):
        with pytest.raises(ValueError, match=r"^seed_parameters need a template: "):
            with_settings(**given)


OTHERS = {
    "Topic": ("AWS::SNS::Topic", {}, "arn:aws:sns:us-east-1:123456789012:seed-Topic"),
    "Named": (
        "AWS::SNS::Topic",
        {"TopicName": {"Fn::Sub": "${AWS::Region}-answers"}},
        "arn:aws:sns:us-east-1:123456789012:us-east-1-answers",
    ),
    "Queue": (
        "AWS::SQS::Queue",
        {},
        "https://sqs.us-east-1.amazonaws.com/123456789012/seed-Queue",
    ),
    "Bucket": ("AWS::S3::Bucket", {}, "seed-bucket"),
    "Table": ("AWS::DynamoDB::Table", {}, "seed-Table"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_resources_of_other_services(name):
    """They are not created; their ids and ARNs have the usual form."""
    kind, properties, expected = OTHERS[name]
    outputs = {"Ref": {"Value": {"Ref": name}}, "Arn": {"Value": {"Fn::GetAtt": [name, "Arn"]}}}
    resources = {**GOOD["Resources"], name: {"Type": kind, "Properties": properties}}
    with mock_sms(seed_file={"Resources": resources, "Outputs": outputs}) as sms:
        assert sms.stack.outputs["Ref"] == expected
        assert sms.stack.outputs["Arn"].startswith("arn:aws:")
        assert sms.stack.resources.keys() == {"List"}


def test_seed_check_and_serve_report_mistakes(written):
    """`seed check` lists all mistakes, and takes parameters; `serve` prints the first."""
    template = changed(Parameters={"Stage": {"Type": "String"}})
    file = written(template)
    missing = run("seed", "check", str(file))
    assert (missing.returncode, missing.stdout.strip()) == (
        1,
        f"{file}, Parameters.Stage: needs a value: --seed-parameters Stage=VALUE",
    )
    assert run("seed", "check", str(file), "--seed-parameters", "Stage=dev").returncode == 0
    refused = run("serve", "--port", "0", "--seed-file", str(file))
    assert refused.returncode != 0
    assert "Parameters.Stage: needs a value" in refused.stderr


def test_serving_a_template(written):
    """A server deploys the template at its start, shows the stack, and takes parameters."""
    template = {
        "Parameters": {"First": {"Type": "String"}, "Second": {"Type": "String"}},
        "Resources": {"List": {**LIST, "Properties": {"OptOutListName": {"Ref": "First"}}}},
        "Outputs": {"Second": {"Value": {"Ref": "Second"}}},
    }
    options = ("--seed-parameters", "First=Marketing", "--seed-parameters", "Second=a=b")
    with serving("--seed-file", str(written(template)), *options) as server:
        shown = json.loads(run("resources", "--json", "--url", server.url).stdout)
        assert shown["stack"] == {
            "outputs": {"Second": "a=b"},
            "resources": {"List": "Marketing"},
        }
        names = make_client(server.url).describe_opt_out_lists()["OptOutLists"]
        assert [each["OptOutListName"] for each in names] == ["Default", "Marketing"]


def test_template_suffixes():
    """Files with these suffixes are templates, whatever their content."""
    assert templates.SUFFIXES == (".json", ".yaml", ".yml", ".template")

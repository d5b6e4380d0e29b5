"""Every member of every answer has a value in some test, or it is said here why it has none."""

import json
import os
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pinpoint_sms_emu.wire.model import service_model

ROOT = Path(__file__).parent.parent.parent

# Where answers are made: all resources, all that is sent, and the pages of all listings.
TESTS = (
    "tests/resources",
    "tests/messaging",
    "tests/service/test_listing.py",
    "tests/contract/test_copies.py",
)

# Read by pytest as a plugin: writes down which members the rendered answers had.
COLLECTOR = """
import json, pytest
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.model import service_model

FILLED = set()

def members(shape_name, value, where):
    shape = service_model().shapes[shape_name]
    kind = shape["type"]
    if kind in ("list", "map"):
        inner = shape["member" if kind == "list" else "value"]["shape"]
        for each in value if kind == "list" else value.values():
            yield from members(inner, each, where)
    elif kind == "structure":
        for name, each in value.items():
            yield f"{where}.{name}"
            yield from members(shape["members"][name]["shape"], each, f"{where}.{name}")

@pytest.fixture(autouse=True, scope="session")
def _answers_are_noted(_model_is_kept):
    render = shapes.render
    def noted(shape, answer):
        rendered = render(shape, answer)
        FILLED.update(members(shape, rendered, shape))
        return rendered
    shapes.render = noted
    yield
    shapes.render = render
    print("\\nFILLED " + json.dumps(sorted(FILLED)))
"""

# What has no value, by the members' places, and why.
WITHOUT_VALUE = {
    "CreateNotifyConfigurationResult.RejectionReason": "A new configuration is not reviewed yet.",
    "CreateRcsAgentResult.TwoWay*": "CreateRcsAgent takes no two-way settings.",
    "CreateRegistration*StatusHistory.*": "A new version has been nothing but a draft.",
    "DescribeRcsAgentCountryLaunchStatusResult.NextToken": "There are fewer launches than a page.",
    "*.AdditionalAttributes": "The texts do not say which attributes there are.",
    "*.DisplayHints.*Description": "The texts of AWS's forms are AWS's.",
    "*.DisplayHints.Documentation*": "The texts of AWS's forms are AWS's.",
    "*.SelectOptionDescriptions.Description": "The texts of AWS's forms are AWS's.",
    "*.ConditionalValidation.AllowedValues": "No form that was seen has it.",
    "DescribeRcsAgentsResult.RcsAgents.MessagingLimits*": "No rate of agents is documented.",
    "DescribeSenderIdsResult.*.DailyMessageCaps": "The caps are those of 10DLC numbers.",
    "DiscardRegistrationVersionResult.*StatusHistory.*": "It was a draft, or denied.",
    "SubmitRegistrationVersionResult.*StatusHistory.*": "What comes after is not known at once.",
    # These have values in states that no test brings about.
    "DeleteRegistrationAttachmentResult.AttachmentUploadErrorReason": "Never deleted so.",
    "DeleteRegistrationFieldValueResult.RegistrationAttachmentId": "No test clears such a field.",
    "UpdatePhoneNumberResult.RegistrationId": "No test changes a registered number.",
    "UpdateSenderIdResult.RegistrationId": "No test changes a registered sender ID.",
    "DeleteRegistrationResult.LatestDeniedVersionNumber": "What was denied is not deleted at once.",
}


def possible(shape_name, where, inside=()):
    """Every member that an answer can have; a shape within itself once."""
    shape = service_model().shapes[shape_name]
    if shape_name in inside:
        return
    if shape["type"] in ("list", "map"):
        inner = shape["member" if shape["type"] == "list" else "value"]["shape"]
        yield from possible(inner, where, inside)
    elif shape["type"] == "structure":
        for name, of in shape["members"].items():
            yield f"{where}.{name}"
            yield from possible(of["shape"], f"{where}.{name}", (*inside, shape_name))


@pytest.mark.skipif(not os.environ.get("SOAK"), reason="a third of all tests run once more")
@pytest.mark.since("1.44.5")
@pytest.mark.timeout(900)
def test_every_member_has_a_value_somewhere(tmp_path):
    """What no test has ever seen filled stands in the table above, and nothing else does."""
    (tmp_path / "collector.py").write_text(COLLECTOR)
    start = f"import sys, pytest; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; "
    options = ["-q", "-s", "-p", "collector", "-p", "no:cacheprovider", *TESTS]
    ran = subprocess.run(
        [sys.executable, "-c", f"{start}sys.exit(pytest.main({options!r}))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (line,) = [each for each in ran.stdout.splitlines() if each.startswith("FILLED ")]
    filled = set(json.loads(line.removeprefix("FILLED ")))
    shapes = {each.output_shape for each in service_model().operations.values()}
    empty = {each for shape in shapes for each in possible(shape, shape)} - filled

    unexplained = {
        each for each in empty if not any(fnmatchcase(each, row) for row in WITHOUT_VALUE)
    }
    needless = {row for row in WITHOUT_VALUE if not any(fnmatchcase(each, row) for each in empty)}
    assert (sorted(unexplained), sorted(needless)) == ([], [])

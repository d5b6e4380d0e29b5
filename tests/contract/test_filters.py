"""Each filter matches by the attribute in its name."""

import re
import sys

import pytest

from pinpoint_sms_emu.reference import registration_forms
from pinpoint_sms_emu.service import modules
from pinpoint_sms_emu.service.listing import filter_attribute
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake

assert modules, "importing it registers every operation"


# These compare times and prefixes, in their own way.
OWN_WAY = {"ListProtectConfigurationRuleSetNumberOverrides"}


def filters():
    """Every filter name of every operation that is emulated, with the function."""
    model = service_model()
    for operation in model.operations.values():
        function = OPERATIONS.get(snake(operation.name))
        members = model.shapes[operation.input_shape]["members"]
        if function and "Filters" in members and operation.name not in OWN_WAY:
            entry = model.shapes[members["Filters"]["shape"]]["member"]["shape"]
            names = model.shapes[model.shapes[entry]["members"]["Name"]["shape"]]["enum"]
            for name in names:
                yield pytest.param(
                    operation, function.function, name, id=f"{operation.name}-{name}"
                )


@pytest.mark.parametrize(("operation", "function", "name"), list(filters()))
def test_every_filter_has_an_attribute(operation, function, name):
    """A filter is an attribute of the listed class, or the class maps it to one."""
    listed = re.fullmatch(r"Paginated\[(\w+)(?:\[.*\])?\]", function.__annotations__["return"])[1]
    if listed == "dict":
        shapes = service_model().shapes
        entries = shapes[operation.output_shape]["members"][operation.list_member]["shape"]
        current = shapes[shapes[entries]["member"]["shape"]]["members"]

        assert filter_attribute(name, None) in map(snake, current)
    else:
        homes = (sys.modules[function.__module__], registration_forms)
        of = next(getattr(home, listed) for home in homes if hasattr(home, listed))

        assert hasattr(of, filter_attribute(name, of))

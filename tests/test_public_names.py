"""The public names; everything else may change without notice."""

import importlib
import inspect
import pkgutil

import pytest

import pinpoint_sms_emu
from pinpoint_sms_emu import Emulator, errors

EXPORTED = """
    ApiError Call Emulator Message NotAnsweredError Number Server UndecidableError mock_sms segments
"""

PUBLIC = """
    accept_invitation add_number assert_allowed_by assert_called assert_last_called_with
    assert_not_called calls clear_calls clear_faults clear_messages clear_outcomes clock close
    events fail faults
    find_calls find_events find_messages find_numbers find_opt_outs flush messages numbers
    outcome outcomes policy read_media receive report reset resources restore review settings
    snapshot stack wait_for wait_for_code
"""

# These are caught in the module that raises them.
INTERNAL_ERRORS = {
    "HandlerError",
    "HttpError",
    "NotMadeError",
    "RejectedRecordError",
    "SeedFileError",
    "TemplateMistake",
}


def test_exported_names_have_docstrings():
    """Each name in __all__ exists and has a docstring."""
    assert pinpoint_sms_emu.__all__ == EXPORTED.split()
    for name in pinpoint_sms_emu.__all__:
        assert inspect.getdoc(getattr(pinpoint_sms_emu, name)), name


def test_an_emulator_has_these_members_and_no_others():
    """Without underscores, dir() lists only documented members, each with a docstring."""
    emulator = Emulator()

    assert [name for name in dir(emulator) if not name.startswith("_")] == PUBLIC.split()
    for name in PUBLIC.split():
        assert inspect.getdoc(inspect.getattr_static(emulator, name)), name


@pytest.mark.parametrize(
    "name", [each for each in PUBLIC.split() if inspect.isfunction(getattr(Emulator, each))]
)
def test_python_names_methods_as_users_call_them(emulator, name):
    """Errors about arguments name the class that users know, not the one that has the method."""
    with pytest.raises(TypeError, match=rf"^Emulator\.{name}\(\) takes "):
        getattr(emulator, name)(*range(20))


def test_the_tree_of_errors_names_every_error():
    """Every exception of the package is in the tree in the docstring of `errors`."""
    found = {
        name
        for module in pkgutil.walk_packages(pinpoint_sms_emu.__path__, "pinpoint_sms_emu.")
        if not module.name.endswith("__main__")
        for name, member in vars(importlib.import_module(module.name)).items()
        if inspect.isclass(member)
        and issubclass(member, Exception)
        and member.__module__.startswith("pinpoint_sms_emu")
    }

    generated = set(errors.__doc__.replace("(", " ").replace(")", " ").split())
    assert found - INTERNAL_ERRORS - generated == set()

"""Everything that is answered or refused in any test is compared with the model.

Rendering ignores members that a shape does not have, so results are checked before it; and the
errors of an operation must be declared for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

import pytest

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.reference.registration_forms import registration_types
from pinpoint_sms_emu.service.operations import Operation
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.model import (
    SERVICE,
    SNS,
    ServiceModel,
    field_name,
    model_of,
    service_model,
    snake,
)

# The members below are those of this model; an older one has fewer.
NEWEST = tuple(map(int, version("botocore").split("."))) >= (1, 44, 5)

_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "double": float,
    # boto3 would accept an ISO date or a number in quotes.
    "timestamp": (int, float),
}

# Required by the model, although its text says that RCS agents do not have it.
_MAY_LACK = {("OriginationIdentityMetadata", "IsoCountryCode")}

# Named by the service, although the operation has no such member: observed.
_OBSERVED_FIELDS = {"senderId"}

_REASONS = {
    "AccessDeniedException": "AccessDeniedExceptionReason",
    "ConflictException": "ConflictExceptionReason",
    "ServiceQuotaExceededException": "ServiceQuotaExceededExceptionReason",
    "ValidationException": "ValidationExceptionReason",
}


@pytest.fixture(autouse=True, scope="session")
def _model_is_kept() -> Iterator[None]:
    render, call = shapes.render, Operation.__call__

    def checked_render(shape: str, answer: Any, service: str = SERVICE) -> dict[str, Any]:
        model = model_of(service)
        none_of(unknown_members(shape, answer, shape, model))
        rendered = render(shape, answer, service)
        none_of(flaws(shape, rendered, shape, model))
        return rendered

    def checked_call(self: Operation, account: Any, arguments: Mapping[str, Any]) -> Any:
        try:
            return call(self, account, arguments)
        except ApiError as error:
            none_of(undeclared(self.function.__name__, error))
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapes, "render", checked_render)
        patch.setattr(Operation, "__call__", checked_call)
        yield


def none_of(wrong: Iterator[str]) -> None:
    """Fail with all violations, if there are any."""
    result = list(wrong)
    assert not result, "; ".join(result)


def unknown_members(shape_name: str, answer: Any, where: str, model: ServiceModel) -> Iterator[str]:
    """Yield members of an answer that its shape does not have, and that would not be rendered."""
    shape = model.shapes[shape_name]
    if isinstance(answer, list):
        for entry in answer:
            yield from unknown_members(shape["member"]["shape"], entry, f"{where}[]", model)
    elif isinstance(answer, Mapping) and shape["type"] == "structure":
        known = {snake(name): of["shape"] for name, of in shape["members"].items()}
        for name, value in answer.items():
            if name in known:
                yield from unknown_members(known[name], value, f"{where}.{name}", model)
            elif NEWEST:
                yield f"{where} has no {name}"


def flaws(
    shape_name: str, value: Any, where: str, model: ServiceModel | None = None
) -> Iterator[str]:
    """Yield violations in an answer: types, required members, bounds, patterns, enums."""
    model = model or service_model()
    shape = model.shapes[shape_name]
    expected = _TYPES[shape["type"]]
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        yield f"{where} is not of type {shape['type']}: {value!r}"
        return
    match value:
        case dict() if shape["type"] == "structure":
            members = shape["members"]
            for name in shape.get("required", ()):
                if name not in value and (shape_name, name) not in _MAY_LACK:
                    yield f"{where} lacks {name}"
            for name, inner in value.items():
                if name not in members:
                    yield f"{where} has no {name}"
                else:
                    yield from flaws(members[name]["shape"], inner, f"{where}.{name}", model)
        case dict():
            for key, inner in value.items():
                yield from flaws(shape["key"]["shape"], key, f"{where} key", model)
                yield from flaws(shape["value"]["shape"], inner, f"{where}[{key}]", model)
        case list():
            for inner in value:
                yield from flaws(shape["member"]["shape"], inner, f"{where}[]", model)
        case str():
            yield from _text_flaws(shape, value, where)


def _text_flaws(shape: dict[str, Any], value: str, where: str) -> Iterator[str]:
    if not shape.get("min", 0) <= len(value) <= shape.get("max", len(value)):
        yield f"{where} is too short or too long: {value!r}"
    if NEWEST and value not in shape.get("enum", [value]):
        yield f"{where} is none of its values: {value!r}"
    if "pattern" in shape and not re.fullmatch(shape["pattern"], value, re.ASCII):
        yield f"{where} does not match {shape['pattern']}: {value!r}"


def undeclared(operation: str, error: ApiError) -> Iterator[str]:
    """Yield why an error of an operation does not conform to the model."""
    if not NEWEST:
        return
    if operation not in service_model().by_snake_name:
        yield from _undeclared_by_sns(operation, error)
        return
    shapes_ = service_model().shapes
    model = service_model().operations[service_model().by_snake_name[operation]]
    if error.code not in model.errors:
        yield f"{model.name} does not declare {error.code}"
        return
    enums = {"Reason": _REASONS.get(error.code), "ResourceType": "ResourceType"}
    for member, enum in enums.items():
        value = error.members.get(member)
        if value is not None and enum and value not in shapes_[enum]["enum"]:
            yield f"{value} is no {enum}"
    known = {field_name(snake(name)) for name in shapes_[model.input_shape]["members"]}
    known |= _OBSERVED_FIELDS
    # Observed even where the member is called OriginationIdentity on the real service.
    known.add("senderId")
    if operation == "submit_registration_version":
        # The failing values were put earlier: the fields of the form, by their paths.
        known |= {path for form in registration_types().values() for path in form.fields}
    for name in {each["Name"] for each in error.members.get("Fields", ())} - known:
        yield f"{model.name} has no member {name} that could be at fault"


def _undeclared_by_sns(operation: str, error: ApiError) -> Iterator[str]:
    """Find a code that no error of an operation of SNS has; machinery's are translated later."""
    model = model_of(SNS)
    declared = model.operations[model.by_snake_name[operation]].errors
    codes = {model.shapes[name].get("error", {}).get("code", name) for name in declared}
    codes |= {"ThrottlingException", "InternalServerException"}
    if error.code not in codes:
        yield f"{operation} of SNS does not declare {error.code}"

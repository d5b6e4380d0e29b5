"""The registration forms, read from their data files on first use.

`data/registration_forms/` has a file for each form, or for several similar forms. `shared.toml` has
patterns, options and fields that forms have in common: a field of a form inherits the members of
the shared field with the same path, or with the path in `like`, and can override them. A field that
differs by country has several entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.reference import data_files
from pinpoint_sms_emu.state.read_only import ReadOnlyDict

_GUIDE: Final = "https://docs.aws.amazon.com/sms-voice/latest/userguide/"
# The guide for all channels, whose pages begin with nx-.
_NEWER_GUIDE: Final = "https://docs.aws.amazon.com/end-user-messaging/latest/userguide/"
_FOLDER: Final = "registration_forms"
_SHARED: Final = "shared"


class SelectOptionDescription(NamedTuple):
    """The title and description of an option of a select field."""

    option: str
    title: str
    description: str | None = None


class DisplayHints(NamedTuple):
    """The titles and descriptions of a type, a section or a field."""

    title: str
    short_description: str | None = None
    long_description: str | None = None
    documentation_title: str | None = None
    documentation_link: str | None = None
    select_option_descriptions: tuple[SelectOptionDescription, ...] | None = None
    text_validation_description: str | None = None
    example_text_value: str | None = None


class TextValidation(NamedTuple):
    """The length and pattern of a text."""

    min_length: int
    max_length: int
    pattern: str


class SelectValidation(NamedTuple):
    """The options, and how many may be chosen."""

    min_choices: int
    max_choices: int
    options: tuple[str, ...]


class AttachmentValidation(NamedTuple):
    """The types and sizes of a file, which are not in AWS's answers."""

    file_types: tuple[str, ...]
    max_bytes: int
    # Width and height of an image, if they are fixed.
    pixels: tuple[int, int] | None = None


class ConditionalValidation(NamedTuple):
    """The validation of a field while a rule matches."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    allowed_values: tuple[str, ...] | None = None


class FieldCondition(NamedTuple):
    """A condition on the value of another field."""

    depends_on_field_path: str
    operator: str
    values: tuple[str, ...] | None = None


class ConditionalRule(NamedTuple):
    """The behavior of a field while all conditions hold."""

    conditions: tuple[FieldCondition, ...]
    rule_behavior: str
    conditional_validation: ConditionalValidation | None = None


class ConditionalBehavior(NamedTuple):
    """Rules, of which the first matching one applies, and the default behavior."""

    rules: tuple[ConditionalRule, ...]
    default_behavior: str = "OPTIONAL"


class ReviewRule(NamedTuple):
    """What the review expects of a value while all conditions hold."""

    conditions: tuple[FieldCondition, ...]
    validation: ConditionalValidation


class Field(NamedTuple):
    """A field of a form."""

    field_path: str
    field_type: str
    field_requirement: str
    display_hints: DisplayHints
    text_validation: TextValidation | None = None
    select_validation: SelectValidation | None = None
    attachment_validation: AttachmentValidation | None = None
    conditional_behavior: ConditionalBehavior | None = None
    # What the review expects while conditions hold, which is not in AWS's answers: those have
    # rules of CONDITIONAL fields only.
    review_rules: tuple[ReviewRule, ...] = ()
    # The minimum contrast of a color with white.
    contrast_with_white: float | None = None

    @property
    def section_path(self) -> str:
        """The section of the field."""
        return self.field_path.partition(".")[0]


class Section(NamedTuple):
    """A section of a form."""

    section_path: str
    display_hints: DisplayHints


class SupportedAssociation(NamedTuple):
    """A type of resource that a registration can have, and when it is associated."""

    resource_type: str
    association_behavior: str
    disassociation_behavior: str
    iso_country_code: str | None = None


class RegistrationType(NamedTuple):
    """A form with its sections and fields by path, read-only: registrations refer to it."""

    registration_type: str
    display_hints: DisplayHints
    supported_associations: tuple[SupportedAssociation, ...]
    sections: Mapping[str, Section]
    fields: Mapping[str, Field]
    # The result of a submission with missing or disallowed fields: REFUSED, with the fields;
    # NOT_ALLOWED; or accepted and DENIED by the automatic review.
    incomplete_submissions: str = "REFUSED"

    @property
    def supported_association_resource_type(self) -> tuple[str, ...]:
        """The values that the filter of this name is compared with."""
        return tuple(each.resource_type for each in self.supported_associations)

    @property
    def supported_association_iso_country_code(self) -> tuple[str, ...]:
        """The values that the filter of this name is compared with."""
        codes = (each.iso_country_code for each in self.supported_associations)
        return tuple(code for code in codes if code)


@cache
def registration_types() -> Mapping[str, RegistrationType]:
    """Return all forms by their type, those of the United States first.

    There are more than a page of an answer has, and many programs read one page only.
    """
    shared = data_files.read(f"{_FOLDER}/{_SHARED}")
    return {
        form.registration_type: form
        for name in sorted(data_files.names(_FOLDER), key=lambda name: not name.startswith("us_"))
        if name != _SHARED
        for form in _forms(data_files.read(f"{_FOLDER}/{name}"), shared)
    }


def _forms(data: dict[str, Any], shared: dict[str, Any]) -> Iterator[RegistrationType]:
    """Make the forms of a file, each with the fields of its country."""
    fields = [
        (entry, _field(path, _with_shared(path, entry, shared), shared))
        for path, given in data.get("fields", {}).items()
        for entry in (given if isinstance(given, list) else [given])
    ]
    for registration_type, entry in data["types"].items():
        country = entry.get("country")
        own = {field.field_path: field for each, field in fields if _has(each, country)}
        section_paths = {field.section_path for field in own.values()}
        yield RegistrationType(
            registration_type=registration_type,
            display_hints=_display_hints(entry),
            supported_associations=tuple(
                _association(each, country) for each in data.get("associations", ())
            ),
            sections=ReadOnlyDict(
                {
                    path: Section(path, _display_hints(section))
                    for path, section in data.get("sections", {}).items()
                    if path in section_paths
                }
            ),
            fields=ReadOnlyDict(own),
            incomplete_submissions=data.get("incomplete_submissions", "REFUSED"),
        )


def _has(entry: dict[str, Any], country: str | None) -> bool:
    """Return whether the form of a country has a field."""
    return country in entry.get("only", (country,)) and country not in entry.get("except", ())


def _with_shared(path: str, entry: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """Add the shared members to a field."""
    common: dict[str, Any] = shared["fields"].get(entry.get("like", path), {})
    return common | entry


def _field(path: str, entry: dict[str, Any], shared: dict[str, Any]) -> Field:
    options = _named(entry.get("options", ()), shared["options"])
    descriptions = isinstance(options, dict) and tuple(
        _option(option, entry) for option, entry in options.items()
    )
    text = select = None
    match entry.get("type", "TEXT"):
        case "TEXT":
            shortest, longest = entry["length"]
            pattern = _named(entry.get("pattern", "anything"), shared["patterns"])
            text = TextValidation(shortest, longest, pattern)
        case "SELECT":
            fewest, most = entry.get("choices", (1, 1))
            select = SelectValidation(fewest, most, tuple(options))
    return Field(
        field_path=path,
        field_type=entry.get("type", "TEXT"),
        field_requirement=entry.get("requirement", "REQUIRED"),
        display_hints=_display_hints(
            entry,
            select_option_descriptions=descriptions or None,
            # Observed: companyInfo.companyName, which accepts any text, has none.
            text_validation_description=_in_words(text) if text and "pattern" in entry else None,
            example_text_value=entry.get("example"),
        ),
        text_validation=text,
        select_validation=select,
        attachment_validation=_attachment_validation(entry),
        conditional_behavior=_behavior(entry, shared),
        review_rules=tuple(
            ReviewRule(_conditions(each), _conditional_validation(each, shared))
            for each in entry.get("review", ())
        ),
        contrast_with_white=entry.get("contrast_with_white"),
    )


def _display_hints(entry: dict[str, Any], **more: Any) -> DisplayHints:
    """Make the hints of a type, a section or a field; `page` is a page of a user guide."""
    page = entry.get("page")
    guide = _NEWER_GUIDE if page and page.startswith("nx-") else _GUIDE
    return DisplayHints(
        title=entry["title"],
        short_description=entry.get("short_description"),
        long_description=entry.get("long_description"),
        documentation_title=entry.get("page_title", entry["title"]) if page else None,
        documentation_link=f"{guide}{page}.html" if page else None,
        **more,
    )


def _option(option: str, entry: str | dict[str, str]) -> SelectOptionDescription:
    """Describe an option: by its title, or by title and description."""
    if isinstance(entry, str):
        return SelectOptionDescription(option, entry)
    return SelectOptionDescription(option, entry["title"], entry.get("description"))


def _attachment_validation(entry: dict[str, Any]) -> AttachmentValidation | None:
    if "file_types" not in entry:
        return None
    width, height = entry.get("pixels", (0, 0))
    return AttachmentValidation(
        file_types=tuple(entry["file_types"]),
        max_bytes=entry["max_kilobytes"] * 1024,
        pixels=(width, height) if width else None,
    )


def _behavior(entry: dict[str, Any], shared: dict[str, Any]) -> ConditionalBehavior | None:
    if "rules" not in entry:
        return None
    rules = tuple(_rule(each, shared) for each in entry["rules"])
    return ConditionalBehavior(rules, entry.get("default_behavior", "OPTIONAL"))


def _rule(rule: dict[str, Any], shared: dict[str, Any]) -> ConditionalRule:
    validation = _conditional_validation(rule, shared)
    return ConditionalRule(
        _conditions(rule),
        rule["behavior"],
        validation if validation != ConditionalValidation() else None,
    )


def _conditional_validation(rule: dict[str, Any], shared: dict[str, Any]) -> ConditionalValidation:
    shortest, longest = rule.get("length", (None, None))
    return ConditionalValidation(
        min_length=shortest,
        max_length=longest,
        pattern=_named(rule.get("pattern"), shared["patterns"]),
        allowed_values=tuple(rule.get("allowed_values", ())) or None,
    )


def _conditions(rule: dict[str, Any]) -> tuple[FieldCondition, ...]:
    return tuple(_condition(*each) for each in rule["conditions"])


def _condition(path: str, operator: str, *values: str) -> FieldCondition:
    return FieldCondition(path, operator, values or None)


def _association(entry: dict[str, Any], country: str | None) -> SupportedAssociation:
    return SupportedAssociation(
        resource_type=entry["resource_type"],
        association_behavior=entry["association_behavior"],
        disassociation_behavior=entry["disassociation_behavior"],
        iso_country_code=None if entry.get("anywhere") else country,
    )


def _named(value: Any, known: dict[str, Any]) -> Any:
    """Return the shared value with a name, or the value itself if it is not such a name."""
    return known.get(value, value) if isinstance(value, str) else value


def _in_words(text: TextValidation) -> str:
    if text.min_length == text.max_length:
        return f"{text.max_length} characters"
    return f"{text.min_length} to {text.max_length} characters"

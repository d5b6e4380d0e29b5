"""Says in words what a text must be that has to match a regular expression.

People read it in errors and explanations. Expressions that are only a set of characters are
translated; for others the words are here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_PHONE_NUMBER: Final = "must be a phone number in E.164 form, such as +14255550123"
_ARN: Final = "must be an ARN, which begins with arn:"
_TRIMMED: Final = "must neither be empty nor begin or end with white space"
_NOT_BLANK: Final = "must not be blank"

# By the expression without its anchors.
_WORDS: Final = {
    # The service and SNS.
    r"(?!\s)^[\s\S]+(?<!\s)": _TRIMMED,
    r"(?!\s*$)[\s\S]+": _NOT_BLANK,
    r"([A-Za-z0-9_-]*|UNSET_DEFAULT_TEMPLATE)": "must have only letters, digits, _ and -",
    r"([A-Za-z0-9_:/-]+|UNSET_DEFAULT_POOL_FOR_NOTIFY)": "must be the id or the ARN of a pool",
    r".*": "must be one line",
    r".+": "must be one line that is not empty",
    r"[ \S]+": "must not have any white space but spaces",
    r"[!-~]+": "must have only ASCII characters that can be printed, and no spaces",
    r"[0-9]{0,2}\.[0-9]{1,5}": "must be an amount below 100 US dollars with a decimal point, "
    "such as 0.05",
    r"[A-Z]{2}": "must be two capital letters, such as US",
    r"[A-Za-z]{2}": "must be two letters, such as US",
    r"[a-z]{2}(-[A-Z]{2})?": "must be a language code, such as en-US",
    r"\+?[1-9][0-9]{1,18}": _PHONE_NUMBER,
    r"\+[1-9][0-9]{1,18}": f"{_PHONE_NUMBER}, with the plus sign",
    r"\+[({\s\[]?[1-9][0-9(){}\s\[\],.-]{1,38}": f"{_PHONE_NUMBER}, with the plus sign",
    r"(\+[0-9]{8,}|[0-9]{0,9})": _PHONE_NUMBER,
    r"\S+": "must not have any white space",
    r"[\S]+": "must not have any white space",
    r"arn:[A-Za-z0-9_:/-]+": _ARN,
    r"arn:\S+": _ARN,
    r"s3://([a-z0-9\.-]{3,63})/(.+)": "must be the address of a file in S3, such as "
    "s3://my-bucket/cat.png",
    r"(https://|s3://).+": "must be the address of a file, such as https://www.example.com/cat.png "
    "or s3://my-bucket/cat.png",
    r"https://\S+": "must be a URL, such as https://www.example.com",
    r"\+?[0-9]{1,15}": "must be a phone number, such as +14255550123",
    r"(arn:\S+|UNSET_RCS_MEDIA_CONFIGURATION)": f"{_ARN}, or UNSET_RCS_MEDIA_CONFIGURATION",
    r"([a-z0-9][a-z0-9.-]*[a-z0-9]|UNSET_RCS_MEDIA_CONFIGURATION)": "must be the name of an S3 "
    "bucket, such as my-bucket, or UNSET_RCS_MEDIA_CONFIGURATION",
    # CloudFormation.
    r"(?!(?i)(stop|help)$)[ \S]+": "must be neither STOP nor HELP, and must not have any white "
    "space but spaces",
    r"[a-z0-9][a-z0-9.-]*[a-z0-9]": "must be the name of an S3 bucket, such as my-bucket",
    r"arn:[a-z0-9-\.]{1,63}:sms-voice:[a-z0-9-\.]{0,63}:[0-9]{12}"
    r":registration-attachment/[a-z0-9]+": "must be the ARN of a registration attachment",
    # Registrations and Notify.
    r"(?=\s*\S)[\s\S]+": _NOT_BLANK,
    r"\S(?:[\s\S]*\S)?": _TRIMMED,
    r"#[0-9A-Fa-f]{6}": "must be a color, such as #1A2B3C",
    r"[^@\s]+@[^@\s]+\.[^@\s]+": "must be an email address, such as jane@example.com",
    r"\+[1-9]\d{1,14}": f"{_PHONE_NUMBER}, with the plus sign",
    r"(https?://)?[^\s/?#]+\.\S+": "must be a URL, such as https://www.example.com",
    r"[A-Za-z0-9][A-Za-z0-9 ./-]*": "must have only letters, digits, spaces, periods, slashes and "
    "dashes, and begin with a letter or a digit",
    r"(?=.*[A-Za-z])[A-Za-z0-9]+": "must have only letters and digits, and at least one letter",
    r"(?=.*[A-Za-z])[A-Za-z0-9_-]+": "must have only letters, digits, _ and -, and at least one "
    "letter",
    r"\+44\d{2,13}": "must be a phone number of the United Kingdom, such as +441632960142",
    r"0*([1-9]\d{0,4}|100000)": "must be a whole number from 1 to 100000",
    r"\d{2}-?\d{7}": "must be nine digits, such as 12-3456789",
    r"\d([ .,]*\d){3,7}[ .,]*": "must be 4 to 8 digits, which spaces, periods and commas may "
    "separate",
}

# One set of characters, and how many of them.
_ONE_SET: Final = re.compile(
    r"(?:\[(?P<set>(?:[^\]\\]|\\.)+)\]|(?P<digit>\\d))(?P<many>[+*]|{[\d,]+})"
)
# More characters than these are listed without commas.
_FEW: Final = 2
_PARTS: Final = {
    "A-Za-z": "letters",
    "A-Z": "capital letters",
    "a-z": "small letters",
    "0-9": "digits",
    r"\d": "digits",
    " ": "spaces",
}


@cache
def in_words(pattern: str) -> str:
    """Say what a text must be: `must have only letters, digits, _ and -`."""
    bare = pattern.removeprefix("^").removesuffix("$")
    if bare.isalnum():
        return f"must be {bare}"
    return _WORDS.get(bare) or _of_one_set(bare) or f"must match {pattern}"


def _of_one_set(pattern: str) -> str | None:
    """Translate an expression that is one set of characters; None for any other."""
    found = _ONE_SET.fullmatch(pattern)
    if found is None:
        return None
    rest: str = found["set"] or found["digit"]
    named: list[str] = []
    characters: list[str] = []
    while rest:
        part = next((each for each in _PARTS if rest.startswith(each)), None)
        if part is None:
            part = rest[:2] if rest[0] == "\\" else rest[0]
            is_range = re.match("-.", rest[len(part) :]) is not None
            if is_range or part in (r"\s", r"\S", r"\w", "^"):
                return None
        (named if part in _PARTS else characters).append(_PARTS.get(part, part[-1]))
        rest = rest.removeprefix(part)
    if len(characters) > _FEW:
        characters = [f"the characters {' '.join(characters)}"]
    *first, last = (*named, *characters)
    listed = f"{', '.join(first)} and {last}" if first else last
    if found["many"] in "+*":
        return f"must have only {listed}"
    least, _, most = found["many"].strip("{}").partition(",")
    return f"must be {least}{f' to {most}' if most else ''} {listed}"

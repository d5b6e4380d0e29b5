"""The setting `policies`: the policies of each access key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.permissions import policies
from pinpoint_sms_emu.permissions.policies import Policy
from pinpoint_sms_emu.setting_files import read_text
from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wire.protocol import ACCOUNT_ID, DEFAULT_ACCOUNT
from pinpoint_sms_emu.wire.signing import Key
from pinpoint_sms_emu.wording import one_line, quoted

_PRINCIPAL_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:(iam::\d{12}:(root|user/.+|role/.+)"
    r"|sts::\d{12}:(assumed-role/.+/.+|federated-user/.+))",
    re.ASCII,
)
_MEMBERS: Final = ("arn", "policies")
_YAML: Final = (".yaml", ".yml")


class Principal(NamedTuple):
    """The principal of an access key, and its policies."""

    arn: str
    policies: tuple[Policy, ...]


def read(
    setting: Path | Mapping[str, Any], keys: Mapping[str, Key] | None = None
) -> dict[str, Principal]:
    """Parse principals by access key; raise a ValueError with the key for a mistake.

    `keys` are those of signatures, which can have accounts.
    """
    entries = _load(setting) if isinstance(setting, Path) else setting
    if not isinstance(entries, Mapping):
        raise ValueError(
            f"policies must be a mapping of access keys to policies, not {quoted(entries)}"
        )
    if "Statement" in entries:
        raise ValueError('policies must name whose policy it is: {"ACCESS_KEY": {"Statement": …}}')
    principals = {}
    for key, entry in entries.items():
        try:
            principals[key] = _principal(key, entry, keys or {})
        except ValueError as error:
            raise ValueError(f"policies of {key!s:.80}: {error}") from error
    return principals


def _load(file: Path) -> object:
    text = read_text(file, f"policies {file}")
    try:
        decode = _load_yaml if file.suffix in _YAML else json_text.decode_without_duplicates
        return decode(text)
    except (ValueError, RecursionError) as error:
        line = one_line(" ".join(json_text.why_not_json(error).split()))
        raise ValueError(f"policies {file} cannot be read: {line}") from error


def _load_yaml(text: str) -> object:
    try:
        import yaml  # noqa: PLC0415  needed only for policies in YAML
    except ImportError as error:
        raise ValueError("YAML needs a package: pip install pyyaml") from error

    class Loader(yaml.BaseLoader):
        """All values stay texts: an account id is not a number, and a Version not a date."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  yaml's
            """Refuse a key that is given twice."""
            keys: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in keys:
                    line = key.start_mark.line + 1
                    raise ValueError(f"line {line}: the key {quoted(key.value)} is given twice")
                keys.add(key.value)
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506  makes texts, lists, mappings
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _principal(key: object, entry: object, keys: Mapping[str, Key]) -> Principal:
    if not isinstance(key, str) or not key:
        raise ValueError(f"an access key must be a text that is not empty, not {quoted(key)}")
    known = keys[key].account_id if key in keys else None
    account_id = known or (key if ACCOUNT_ID.fullmatch(key) else DEFAULT_ACCOUNT)
    arn, documents = f"arn:aws:iam::{account_id}:user/{key}", entry
    if isinstance(entry, Mapping) and not entry.keys().isdisjoint(_MEMBERS):
        for name in entry.keys() - set(_MEMBERS):
            raise ValueError(f"there is no member {quoted(name)}, only arn and policies")
        if "policies" not in entry:
            raise ValueError("the member policies is missing")
        arn, documents = entry.get("arn", arn), entry["policies"]
        if not isinstance(arn, str) or not _PRINCIPAL_ARN.fullmatch(arn):
            raise ValueError(f"arn must be the ARN of a user or role, not {quoted(arn)}")
    listed = documents if isinstance(documents, list) else [documents]
    return Principal(arn, tuple(policies.read(each) for each in listed))

"""Makes the plan's calls to a service, and deletes everything that they have created."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from observe.plan import Group, Step

_REFERENCE = re.compile(r"\{([^{}.]+)(?:\.(\w+))?\}")


class Unmade(Exception):  # noqa: N818 it is a result, not a failure
    """A step cannot be made, because it needs the answer of a call that was refused."""


class Caller:
    """Makes calls with a client, and stores the answers that later ones need."""

    def __init__(self, client: Any, names: dict[str, str]) -> None:
        self.client = client
        # The values of `{name}` and other names.
        self.names = names
        self.answers: dict[str, dict[str, Any]] = {}
        # Descriptions of what could not be deleted.
        self.left: list[str] = []
        self._undoing: list[tuple[str, dict[str, Any]]] = []

    @contextmanager
    def group(self, group: Group) -> Iterator[Iterator[Step]]:
        """Yield the steps of a group, and undo them at the end, even after an error."""
        self.answers.clear()
        try:
            yield iter(group.steps)
        finally:
            self._undo()

    def call(self, step: Step) -> dict[str, Any]:
        """Make a step's call, and return its answer, or its error in the format of the files."""
        request = self.filled(step.request)
        answer = self._answer(step.operation, request)
        if "error" not in answer:
            self.answers[step.name] = answer
            if step.undo is not None:
                self._undoing.append((step.undo[0], self.filled(step.undo[1])))
        return answer

    def filled(self, value: Any) -> Any:
        """Replace references to names and earlier answers in a request."""
        if isinstance(value, str):
            return _REFERENCE.sub(self._meant, value)
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if isinstance(value, Mapping):
            return {key: self.filled(each) for key, each in value.items()}
        return value

    def _meant(self, found: re.Match[str]) -> str:
        label, member = found.groups()
        if member is None:
            return self.names[label]
        if label not in self.answers:
            raise Unmade(f"{label} was refused")
        return str(self.answers[label][member])

    def _answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
        try:
            answer: dict[str, Any] = getattr(self.client, method)(**request)
        except ClientError as error:
            return _as_error(dict(error.response))
        answer.pop("ResponseMetadata", None)
        return answer

    def _undo(self) -> None:
        while self._undoing:
            operation, request = self._undoing.pop()
            try:
                answer = self._answer(operation, request)
            except BotoCoreError as error:
                self.left.append(f"{operation} {request}: {error}")
                continue
            # The step may have deleted it.
            failed = answer.get("error", {}).get("Code", "ResourceNotFoundException")
            if failed != "ResourceNotFoundException":
                self.left.append(f"{operation} {request}: {failed}")


def _as_error(response: dict[str, Any]) -> dict[str, Any]:
    error = {"Code": response["Error"]["Code"]}
    for name in ("Reason", "ResourceType", "ResourceId"):
        if name in response:
            error[name] = response[name]
    if "Fields" in response:
        error["Fields"] = [each["Name"] for each in response["Fields"]]
    return {"error": error, "printed": response["Error"]["Message"]}

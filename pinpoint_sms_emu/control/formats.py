"""Listings as CSV or as lines of JSON, for spreadsheets and for jq."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

from werkzeug.wrappers import Response

MIME_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
_NOT_STORED = {"Cache-Control": "no-store"}


def listing(
    document: Mapping[str, Any], name: str, form: str | None, columns: Sequence[str] = ()
) -> Any:
    """A listing in the format that was chosen: the document itself, or the entries in `name`.

    `columns` are those of the CSV; without them, the members of the entries.
    """
    must_be_a_form(form)
    if form == "csv":
        text = _csv(document[name], columns)
    elif form == "jsonl":
        text = "".join(f"{json.dumps(each)}\n" for each in document[name])
    else:
        return document
    return Response(text, mimetype=MIME_TYPES[form], headers=_NOT_STORED)


def must_be_a_form(form: str | None) -> None:
    """Refuse a form that listings do not have."""
    if form not in (None, "json", *MIME_TYPES):
        raise ValueError(f"format must be json, csv or jsonl, not {form!r:.80}")


def _csv(entries: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    rows = list(entries)
    names = columns or tuple(dict.fromkeys(name for each in rows for name in each))
    file = StringIO()
    writer = csv.writer(file)
    if names:
        writer.writerow(names)
    writer.writerows([_cell(each.get(name)) for name in names] for each in rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """A value as it stands in a cell; what has members of its own is JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else value

"""Lists as CSV or as lines of JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from itertools import chain, islice
from typing import Any, TypeAlias

from werkzeug.wrappers import Response

encode = json.JSONEncoder(separators=(",", ":")).encode

# A list as a document, or in another format.
ListAnswer: TypeAlias = Mapping[str, Any] | Response

MIME_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
_NOT_STORED = {"Cache-Control": "no-store"}

# A long answer is written in pieces: others are answered between them.
PIECE_BYTES = 8 * 1024


def listing(
    document: Mapping[str, Any], name: str, form: str | None, columns: Sequence[str] = ()
) -> ListAnswer:
    """Return a list in the chosen format: the document itself, or the entries in `name`.

    `columns` are the columns of the CSV; the default is the members of the entries.
    """
    must_be_a_form(form)
    if form == "csv":
        texts = _csv(document[name], columns)
    elif form == "jsonl":
        texts = (f"{json.dumps(each)}\n" for each in document[name])
    else:
        return document
    return respond(texts, MIME_TYPES[form])


def respond(texts: Iterable[str], mimetype: str, status: int = 200) -> Response:
    """Answer with these texts, one after the other; a short answer is one piece."""
    pieces = in_pieces(texts)
    first = next(pieces)
    rest = list(islice(pieces, 1))
    body = chain((first, *rest), pieces) if rest else first
    return Response(body, status, mimetype=mimetype, headers=_NOT_STORED)


def in_pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Join short texts to pieces of an answer."""
    written = ""
    for text in texts:
        written += text
        if len(written) > PIECE_BYTES:
            yield written.encode()
            written = ""
    yield written.encode()


def must_be_a_form(form: str | None) -> None:
    """Refuse an unknown format."""
    if form not in (None, "json", *MIME_TYPES):
        raise ValueError(f"format must be json, csv or jsonl, not {form!r:.80}")


def _csv(entries: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    if not columns:
        entries = list(entries)
        columns = tuple(dict.fromkeys(name for each in entries for name in each))
    if not columns:
        return
    line = StringIO()
    writer = csv.writer(line)
    writer.writerow(columns)
    for each in entries:
        yield _taken(line)
        writer.writerow(_cell(each.get(name)) for name in columns)
    yield _taken(line)


def _taken(line: StringIO) -> str:
    """Take the text out of a buffer, which is empty then."""
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _cell(value: Any) -> Any:
    """Return the text of a cell; lists and objects are written as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else value

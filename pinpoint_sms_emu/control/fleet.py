"""Lets several replicas answer as one: the one that gets a request calls its peers over HTTP.

Replicas share no state. Requests to peers have `here=true`, so that peers call no others. If a
replica that is needed does not answer, the request is refused, so that answers are complete.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from typing import Any, cast

from werkzeug.wrappers import Response

from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.administration import list_accounts
from pinpoint_sms_emu.control.arrangements import (
    add_fault,
    add_number,
    add_outcome,
    list_numbers,
    move_clock,
)
from pinpoint_sms_emu.control.calls import stream_calls
from pinpoint_sms_emu.control.formats import listing, must_be_a_form
from pinpoint_sms_emu.control.merged_stream import interleaved
from pinpoint_sms_emu.control.merging import Document, MergedListing, listing_of
from pinpoint_sms_emu.control.messages import (
    get_message,
    latest_message,
    read_media,
    stream_messages,
)
from pinpoint_sms_emu.control.peers import Peer, Reply
from pinpoint_sms_emu.control.route import ControlRequest, Route, Span
from pinpoint_sms_emu.control.stream import answer_of
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.service.filters import must_be_seconds
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT
from pinpoint_sms_emu.wording import quoted

OK, NOT_FOUND = 200, 404
# The number of pages for which the start of the next page at each replica is remembered.
MAX_PAGES = 1000

_ACCOUNTS = Route("GET", "/_emulator/accounts", list_accounts)
_MESSAGE = Route("GET", "/_emulator/messages/<message_id>", get_message)
_NUMBERS = Route("GET", "/_emulator/numbers", list_numbers)


class Fleet:
    """This replica and its peers."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        # The last entry of each replica on a page, by filters and the last entry of the page.
        self._ends: dict[Any, Mapping[int, str]] = {}
        self._answers: Mapping[Span, Callable[[ControlRequest], Coroutine[Any, Any, Any]]] = {
            Span.ALL: self._all,
            Span.MERGED: self._merged,
            Span.FOUND: self._found,
            Span.OWNER: self._owner,
            Span.ACCOUNT: self._account,
        }

    async def answer(self, request: ControlRequest) -> Any:
        """Answer a request that concerns other replicas, too."""
        return await self._answers[request.route.span](request)

    # This replica, and the others.

    def _has(self, account_id: str | None) -> bool:
        """Return whether an account exists here; then it does not exist elsewhere."""
        return any(each == account_id for each, _region in engine_of(self._emulator).state.accounts)

    async def _here(self, request: ControlRequest) -> Any:
        answer = answer_of(request.answer(self._emulator))
        return await answer if isinstance(answer, Coroutine) else answer

    async def _reply_here(self, request: ControlRequest) -> Reply:
        try:
            answer = await self._here(request)
        except (KeyError, IndexError):
            raise  # a defect of the emulator, and not an unknown id
        except LookupError as error:
            return Reply(NOT_FOUND, {"error": str(error)})
        if isinstance(answer, Response) and answer.is_json:
            return Reply(answer.status_code, answer.get_json())
        return Reply(OK, answer)

    def _peers(self, request: ControlRequest) -> list[Peer]:
        """Return the other replicas, to which this one's access token is passed."""
        replica, urls = self._emulator.settings.replica, self._emulator.settings.peers
        return [
            Peer(f"{number}/{len(urls)}", url, request.authorization)
            for number, url in enumerate(urls, start=1)
            if replica is None or number != replica.number
        ]

    async def _reply_there(self, peer: Peer, request: ControlRequest) -> Reply:
        given, has_body = request.given, request.route.method in ("POST", "PUT")
        query = {} if has_body else {name: _as_text(value) for name, value in given.items()}
        return await peer.ask(
            request.route.method,
            request.path,
            query | {"here": "true"},
            given if has_body else None,
            wait_seconds=given.get("wait_seconds", 0),
        )

    async def _replies_there(self, request: ControlRequest) -> list[Reply]:
        asked = (self._reply_there(peer, request) for peer in self._peers(request))
        return await asyncio.gather(*asked)

    async def _replies(self, requests: Sequence[ControlRequest]) -> list[Reply]:
        """Send each replica its request, this one first."""
        here, *there = requests
        # A wrong request is refused here, before peers are called.
        first = await self._reply_here(here)
        peers = self._peers(here)
        asked = (self._reply_there(*each) for each in zip(peers, there, strict=True))
        return [first, *await asyncio.gather(*asked)]

    # One replica.

    async def _account(self, request: ControlRequest) -> Any:
        """Let the replica with the account answer; answers cannot be merged to a document."""
        if "account_id" not in request.given:
            takes_one = "account_id" in arguments.parameters(request.route.function)
            which = "give account_id, or ask" if takes_one else "ask"
            raise ValueError(f"there are several replicas: {which} each one with here=true")
        return await self._owner(request)

    async def _owner(self, request: ControlRequest) -> Any:
        """Let the replica with the account answer, or this one if no replica has it."""
        account_id = request.given.get("account_id", DEFAULT_ACCOUNT)
        if request.route.function is add_number:
            await self._must_be_new(request)
        peer = None if self._has(account_id) else await self._peer_with(account_id, request)
        if peer is None:
            return await self._here(request)
        return _as_response(await self._reply_there(peer, request))

    async def _peer_with(self, account_id: str, request: ControlRequest) -> Peer | None:
        accounts = ControlRequest(_ACCOUNTS, _ACCOUNTS.path, {}, {}, request.authorization)
        replies = await self._replies_there(accounts)
        for peer, reply in zip(self._peers(request), replies, strict=True):
            if any(each["account_id"] == account_id for each in reply.document["accounts"]):
                return peer
        return None

    async def _must_be_new(self, request: ControlRequest) -> None:
        """Refuse a number if an account of another replica has it."""
        numbers = ControlRequest(_NUMBERS, _NUMBERS.path, {}, {}, request.authorization)
        requested = request.given["phone_number"].removeprefix("+")
        for reply in await self._replies_there(numbers):
            for number in reply.document["numbers"]:
                if number["phone_number"].removeprefix("+") == requested:
                    raise ValueError(
                        f"{quoted(request.given['phone_number'])} already exists, "
                        f"as {number['phone_number_id']} in account {number['account_id']}"
                    )

    async def _found(self, request: ControlRequest) -> Any:
        """Let the replica with the entry in the request answer."""
        here = await self._reply_here(request)
        if here.status == OK:
            return here.document
        message = _message_of(request)
        if message and (await self._reply_here(message)).status == OK:
            return _as_response(here)
        for peer in self._peers(request):
            there = await self._reply_there(peer, request)
            if there.status == OK:
                return _as_response(there)
            # A 404 is the answer if this replica has the message, but not the file.
            if message and (await self._reply_there(peer, message)).status == OK:
                return _as_response(there)
        return _as_response(here)

    # All replicas.

    async def _all(self, request: ControlRequest) -> Any:
        """Let all replicas execute the request, if all of them answer, or none."""
        if "account_id" in request.given:
            return await self._owner(request)
        for name in ("after", "limit"):
            if name in request.given:
                raise ValueError(f"{name} needs account_id, since there are several replicas")
        await asyncio.gather(*(peer.must_answer() for peer in self._peers(request)))
        here = await self._reply_here(request)
        if here.status == OK:
            request = request.giving(_for_others(request, here.document))
        # An entry that is used up here may exist elsewhere.
        replies = [here, *await self._replies_there(request)]
        if request.route.function is move_clock and here.document["frozen"]:
            # All are frozen at the latest of their times.
            latest = max(reply.document["now"] for reply in replies)
            request = request.giving({"freeze_at": latest})
            replies = [await self._reply_here(request), *await self._replies_there(request)]
        return next((each.document for each in replies if each.status == OK), _as_response(here))

    # Parts of an answer.

    async def _merged(self, request: ControlRequest) -> Any:
        """Merge the answers of all replicas, unless the account exists here."""
        if self._has(request.given.get("account_id")):
            return await self._here(request)
        if request.route.function in (stream_messages, stream_calls):
            return await self._stream(request)
        if request.route.function is latest_message:
            return await self._latest(request)
        given = dict(request.given)
        form, wait_seconds = given.pop("format", None), given.pop("wait_seconds", 0)
        must_be_a_form(form)
        must_be_seconds("wait_seconds", wait_seconds)
        merging = listing_of(request.route.function, given)
        document = await self._list(request.giving(given), merging)
        if wait_seconds and document["total"] == 0:
            waiting = request.giving(given | {"wait_seconds": wait_seconds})
            await self._wait(waiting, lambda reply: reply.document["total"] > 0)
            document = await self._list(request.giving(given), merging)
        return listing(document, merging.name, form, merging.columns)

    async def _list(self, request: ControlRequest, merging: MergedListing) -> Document:
        """Merge the lists of all replicas; a page begins where the former one ended at each."""
        given = dict(request.given)
        after, limit = given.pop("after", None), given.pop("limit", None)
        filters = (request.path, tuple(sorted(given.items())))
        ends = dict(self._ends.get((filters, after), {}))
        # If that is unknown, everything is requested, because only one replica has the entry.
        is_whole = limit is None or (after is not None and not ends)
        replies = await self._replies(
            [
                request.giving(
                    given
                    | ({} if is_whole else {"limit": limit})
                    | ({"after": ends[index]} if index in ends else {})
                )
                for index in range(len(self._emulator.settings.peers))
            ]
        )
        if ends and any(reply.status == NOT_FOUND for reply in replies):
            # The last entry of the former page was removed.
            del self._ends[filters, after]
            return await self._list(request, merging)
        documents = [_with_list(reply.document, merging.name) for reply in replies]
        placed = merging.merge(documents, newest_first=given.get("order") == "newest")
        skipped = 0
        if after is not None and not ends:
            skipped = 1 + _index_of(after, [entry.get(merging.id) for _, entry in placed])
        page = placed[skipped:] if limit is None else placed[skipped : skipped + limit]
        if merging.id and page:
            shown = placed[: skipped + len(page)]
            ends |= {index: entry[merging.id] for index, entry in shown}
            self._note_ends((filters, page[-1][1][merging.id]), ends)
        document = merging.combine(documents, [entry for _, entry in page])
        if skipped:
            document["total"] -= skipped
        return document

    def _note_ends(self, key: Any, ends: Mapping[int, str]) -> None:
        self._ends.pop(key, None)
        self._ends[key] = ends
        if len(self._ends) > MAX_PAGES:
            del self._ends[next(iter(self._ends))]

    async def _latest(self, request: ControlRequest) -> Any:
        """Return the latest message of all replicas, or wait for one."""
        given = dict(request.given)
        wait_seconds = given.pop("wait_seconds", 0)
        must_be_seconds("wait_seconds", wait_seconds)
        now = request.giving(given)
        everyone = [now] * len(self._emulator.settings.peers)
        replies = await self._replies(everyone)
        if wait_seconds and not any(reply.status == OK for reply in replies):
            await self._wait(request, lambda reply: reply.status == OK)
            replies = await self._replies(everyone)
        found = [reply.document for reply in replies if reply.status == OK]
        if found:
            return max(found, key=lambda message: message["created"])
        return _as_response(replies[0])

    async def _wait(self, request: ControlRequest, is_found: Callable[[Reply], bool]) -> None:
        """Wait until a replica has found something, or until the timeout of all."""
        asked = [
            self._reply_here(request),
            *(self._reply_there(peer, request) for peer in self._peers(request)),
        ]
        tasks = [asyncio.ensure_future(each) for each in asked]
        try:
            for task in asyncio.as_completed(tasks):
                if is_found(await task):
                    return
        finally:
            for each in tasks:
                each.cancel()

    async def _stream(self, request: ControlRequest) -> Response:
        """Interleave the streams of all replicas; end when one ends, so that clients reconnect."""
        response: Response = request.answer(self._emulator)
        here = cast("AsyncGenerator[bytes]", response.response)
        query = {name: _as_text(value) for name, value in request.given.items()}
        there = [
            peer.follow(request.path, query | {"here": "true"}) for peer in self._peers(request)
        ]
        response.response = cast("Any", await interleaved([here, *there]))
        return response


def _message_of(request: ControlRequest) -> ControlRequest | None:
    """Return the request for the message whose file is requested, or None for other requests."""
    if request.route.function is not read_media:
        return None
    path = request.path.removesuffix("/media")
    return ControlRequest(_MESSAGE, path, request.named, {}, request.authorization)


def _for_others(request: ControlRequest, answer: Any) -> Mapping[str, Any]:
    """Return the members for the other replicas: the same, and what this one has chosen."""
    if request.route.function in (add_fault, add_outcome):
        return {**request.given, "id": answer["id"]}
    return request.given


def _as_text(value: Any) -> str:
    """Convert a value to the text in a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_response(reply: Reply) -> Response:
    is_whole = isinstance(reply.document, bytes)
    body = reply.document if is_whole else json.dumps(reply.document)
    return Response(body, reply.status, headers=dict(reply.headers))


def _with_list(document: Document, name: str) -> Document:
    """Convert an iterator of entries to a list."""
    return {**document, name: list(document[name])}


def _index_of(entry_id: str, ids: Sequence[str | None]) -> int:
    if entry_id not in ids:
        raise LookupError(f"there is no entry with the id {entry_id:.80}, or it has been removed")
    return ids.index(entry_id)

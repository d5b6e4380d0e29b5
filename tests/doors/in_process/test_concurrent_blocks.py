"""Which of several open blocks answers: tasks follow their context, threads the last block."""

import asyncio
import contextvars
import os
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.opt_out_lists import SERVICE, make_list, names

pytestmark = pytest.mark.usefixtures("bare")


@pytest.fixture
def client():
    """A client of the application, made before any block."""
    return boto3.client(SERVICE, region_name="us-east-1")


def decorated(client):
    """An asynchronous function that changes something, and reads it while others are open."""

    @mock_sms
    async def change_and_look(name, others):
        make_list(client, name)
        await others.wait()
        found = names(client)
        await others.wait()
        return found

    return change_and_look


def test_tasks_at_once_have_their_own_emulators(client):
    """Two decorated functions under asyncio.gather are each answered by their own emulator."""

    async def main():
        barrier = asyncio.Barrier(2)
        run = decorated(client)
        return await asyncio.gather(run("a", barrier), run("b", barrier))

    assert asyncio.run(main()) == [["Default", "a"], ["Default", "b"]]


def test_tasks_of_anyio_have_their_own_emulators(client):
    """So are two that a task group of anyio starts."""
    found = {}

    async def main():
        first, second = anyio.Event(), anyio.Event()

        @mock_sms
        async def run(name, mine, others):
            make_list(client, name)
            mine.set()
            await others.wait()
            found[name] = names(client)

        async with anyio.create_task_group() as group:
            group.start_soon(run, "a", first, second)
            group.start_soon(run, "b", second, first)

    anyio.run(main)

    assert found == {"a": ["Default", "a"], "b": ["Default", "b"]}


def test_child_tasks_use_the_tasks_block(client):
    """Tasks, callbacks and asyncio.to_thread inherit the context, and with it the block."""

    async def one(name, barrier):
        with mock_sms():
            await asyncio.to_thread(make_list, client, name)
            await barrier.wait()
            async with asyncio.TaskGroup() as group:
                started = group.create_task(asyncio.to_thread(names, client))
        return started.result()

    async def main():
        barrier = asyncio.Barrier(2)
        return await asyncio.gather(one("a", barrier), one("b", barrier))

    assert asyncio.run(main()) == [["Default", "a"], ["Default", "b"]]


def test_a_thread_that_a_task_starts_is_answered_by_the_last_block(client):
    """A plain thread has no context of the task's, and is answered all the same."""

    async def main():
        with mock_sms():
            make_list(client, "inner")
            return await asyncio.get_running_loop().run_in_executor(None, names, client)

    with mock_sms():
        assert asyncio.run(main()) == ["Default", "inner"]


def test_a_task_without_a_block_is_answered_by_the_block_around_it(client):
    """The block of one task is not that of its neighbours, which the outer one answers."""

    async def main():
        barrier = asyncio.Barrier(2)

        async def neighbour():
            await barrier.wait()
            found = names(client)
            await barrier.wait()
            return found

        return await asyncio.gather(decorated(client)("inner", barrier), neighbour())

    with mock_sms():
        make_list(client, "outer")

        assert asyncio.run(main()) == [["Default", "inner"], ["Default", "outer"]]


def test_threads_at_once_have_their_own_emulators(client):
    """Decorated functions on several threads, too, are each answered by their own emulator."""
    barrier = threading.Barrier(4)

    @mock_sms
    def run(name):
        make_list(client, name)
        barrier.wait(60)
        return names(client)

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(run, "abcd"))

    assert found == [["Default", name] for name in "abcd"]


def test_a_block_of_another_thread_answers_where_there_is_none(client):
    """A block that a fixture's thread holds open answers on all threads."""
    entered, done = threading.Event(), threading.Event()

    def hold():
        with mock_sms():
            make_list(client, "held")
            entered.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(60)
    found = names(client)
    done.set()
    thread.join()

    assert found == ["Default", "held"]


def test_a_context_that_was_copied_earlier_sees_the_blocks_of_fixtures(client):
    """A runner that reuses a context for many tests uses blocks entered outside of tasks."""
    with mock_sms():
        runner = contextvars.copy_context()
        with mock_sms():
            make_list(client, "fixture")

            assert runner.run(asyncio.run, _look(client)) == ["Default", "fixture"]
        assert runner.run(names, client) == ["Default"]


async def _look(client):
    return names(client)


def test_one_object_can_be_entered_by_several_tasks(client):
    """Each task leaves the block that it has entered itself."""
    block = mock_sms()

    async def one(name, before_leaving):
        with block as sms:
            make_list(client, name)
            await before_leaving.wait()
            return engine_of(sms).closing.is_set(), names(client)

    async def main():
        first, second = asyncio.Event(), asyncio.Event()
        tasks = [asyncio.create_task(one("a", first)), asyncio.create_task(one("b", second))]
        await asyncio.sleep(0)
        first.set()
        one_left = await tasks[0]
        second.set()
        return one_left, await tasks[1]

    assert asyncio.run(main()) == ((False, ["Default", "a"]), (False, ["Default", "b"]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_child_does_not_end_the_parents_block(client, tmp_path):
    """The child leaves its copy; the parent's block and data folder stay open."""
    with mock_sms(data_dir=tmp_path / "data") as sms:
        make_list(client, "before")
        leaving = mock_sms()
        leaving.__enter__()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                leaving.__exit__(None, None, None)
                status = 0 if not engine_of(sms).closing.is_set() else 2
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        leaving.__exit__(None, None, None)
        make_list(client, "after")

        assert os.waitstatus_to_exitcode(status) == 0
        assert names(client) == ["Default", "before", "after"]
    with mock_sms(data_dir=tmp_path / "data"):
        assert names(client) == ["Default", "before", "after"]

"""What atheris runs: a head and a body, whatever they are, through the emulator and back.

python -m tests.soak.fuzz_reader [options of libFuzzer] [folder of inputs, or one input]
"""

from __future__ import annotations

import json
import random
import sys

import atheris

with atheris.instrument_imports(
    include=["pinpoint_sms_emu"],
    # These are checked for each input.
    exclude=["pinpoint_sms_emu.persistence.document", "pinpoint_sms_emu.persistence.codec"],
):
    from pinpoint_sms_emu.emulator import Emulator, engine_of
    from pinpoint_sms_emu.wire.protocol import Request
    from tests.soak.fuzz_seeds import something_of_everything, spell, values

    # The first call loads the operations.
    STATE = something_of_everything()

VALUES = values(STATE)

EMULATOR = Emulator()
EMULATOR.restore(STATE)


def try_input(data: bytes) -> None:
    """Let the emulator answer an input; a refused one must change nothing."""
    answer = engine_of(EMULATOR).handle(request_of(data))

    assert isinstance(json.loads(answer.body), dict)
    changed = EMULATOR.snapshot() != STATE
    if answer.status != 200:
        assert 400 <= answer.status < 500, answer
        assert not changed, f"{answer.body!r} has changed something"
    if changed:
        EMULATOR.restore(STATE)


def request_of(data: bytes) -> Request:
    """Parse an input."""
    head, _, body = data.partition(b"\n\n")
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\n"))
    return Request({name.lower(): value for name, _, value in lines}, body)


def change(data: bytes, most: int, seed: int) -> bytes:
    """Mutate some members of a call to possible values, or some of its bytes."""
    random_source = random.Random(seed)
    operation = data.partition(b"\n")[0].rpartition(b".")[2].decode("latin-1")
    if operation not in VALUES:
        operation = random_source.choice(list(VALUES))
    try:
        members = json.loads(data.partition(b"\n\n")[2])
        for name in random_source.choices(list(VALUES[operation]), k=random_source.randint(0, 3)):
            members[name] = random_source.choice(VALUES[operation][name])
            if random_source.random() < 0.2:
                del members[name]
        changed = spell(operation, members)
    except (ValueError, TypeError, IndexError):
        changed = data
    if changed == data or random_source.random() < 0.3:
        changed = atheris.Mutate(changed, most)
    return changed[:most]


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_input, custom_mutator=change)
    atheris.Fuzz()

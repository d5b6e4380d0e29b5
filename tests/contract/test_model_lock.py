"""Changes of the model in a new botocore are noticed."""

import pytest

from tests.model_lock import checksums, locked


@pytest.mark.since("1.44.5")
def test_no_operation_has_changed_unnoticed():
    """Look at each operation named here, then accept it: python -m tests.model_lock."""
    now, before = checksums(), locked()

    assert {
        name for name in now.keys() | before.keys() if now.get(name) != before.get(name)
    } == set()

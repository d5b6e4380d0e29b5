"""What the tests of seed files have in common."""

import pytest


@pytest.fixture
def written(tmp_path):
    """Write a seed file."""

    def write(text):
        file = tmp_path / "seed.toml"
        file.write_text(text, "utf-8")
        return file

    return write

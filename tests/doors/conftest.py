"""Who has not installed the browser's client runs everything else."""

from __future__ import annotations

from importlib.util import find_spec

from tests.needs import required_things

collect_ignore = []
if find_spec("playwright") is None and "browser" not in required_things():
    collect_ignore += ["test_inbox.py"]

"""Fixtures of the scenarios: the emulator, and a client of the service."""

from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers that the scenarios carry for our own test suite."""
    config.addinivalue_line("markers", "rule(*ids): the rules of the catalogue that a test shows")
    config.addinivalue_line("markers", "since(version): the botocore version that a test needs")


@pytest.fixture
def emulator(pinpoint_sms: Emulator) -> Emulator:
    """The emulator that answers this test."""
    return pinpoint_sms


@pytest.fixture
def sms(emulator: Emulator) -> Any:
    """A client of the service."""
    return boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")

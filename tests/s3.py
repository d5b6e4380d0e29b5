"""Moto's S3 in this process, and an emulator that reads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.delivery.media_files import THREAD_NAME


@contextmanager
def reading_s3(emulator: Emulator, bucket: str) -> Iterator[Any]:
    """Let an emulator read moto's S3; gives its client, with one bucket.

    At the end no thread reads files any more: without moto, it would reach AWS.
    """
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=bucket)
        emulator.reset(seed=7, s3_endpoint_url="aws")
        yield s3
        engine_of(emulator).background.media_inspector.stop()
        for each in threading.enumerate():
            if each.name == THREAD_NAME:
                each.join()

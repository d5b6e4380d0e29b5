"""The partitions, compared with botocore's."""

import botocore.loaders
import pytest

from pinpoint_sms_emu.reference.partitions import partition_of

PARTITIONS = botocore.loaders.create_loader().load_data("partitions")["partitions"]
REGIONS = [
    (region, each["outputs"])
    for each in PARTITIONS
    for region in each["regions"]
    if not region.endswith("-global")
]


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize(("region", "outputs"), REGIONS, ids=[region for region, _ in REGIONS])
def test_the_partition_of_every_region(region, outputs):
    """Each Region of botocore has its partition, and the domains of its endpoints."""
    partition = partition_of(region)

    assert partition.name == outputs["name"]
    assert partition.dns_suffix == outputs["dnsSuffix"]
    assert partition.dual_stack_suffix == outputs["dualStackDnsSuffix"]

"""AWS partitions: the second part of every ARN, and the domains of their endpoints.

Source: botocore's `partitions.json`, with which a test compares.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Partition(NamedTuple):
    """A group of Regions with accounts of its own."""

    name: str
    dns_suffix: str
    # Of endpoints that have an IPv6 address, too.
    dual_stack_suffix: str = "api.aws"

    @property
    def dns_suffixes(self) -> tuple[str, str]:
        """The ends of the names of all its endpoints."""
        return self.dns_suffix, self.dual_stack_suffix


_AWS = Partition("aws", "amazonaws.com")
# By the beginning of their Regions' names.
_OTHERS = {
    "cn": Partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "eusc-de": Partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"),
    "us-gov": Partition("aws-us-gov", "amazonaws.com"),
    "us-iso": Partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov"),
    "us-isob": Partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"),
    "eu-isoe": Partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "us-isof": Partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
}
PARTITIONS: Final = (_AWS, *_OTHERS.values())


def partition_of(region: str) -> Partition:
    """Return the partition of a Region."""
    return _OTHERS.get(region.rpartition("-")[0].rpartition("-")[0], _AWS)

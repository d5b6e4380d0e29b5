"""The files in deploy/ agree with each other, and are valid for their programs."""

from __future__ import annotations

import re
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from pinpoint_sms_emu.settings import Settings
from tests.deploy.replicas import DEPLOY, PORTS

CONFIGURATION = (DEPLOY / "haproxy.cfg").read_text()
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())


def manifest(kind, name):
    """One Kubernetes resource."""
    [found] = (m for m in MANIFESTS if (m["kind"], m["metadata"]["name"]) == (kind, name))
    return found


def container(kind, name):
    """A pod's container and its environment variables."""
    [found] = manifest(kind, name)["spec"]["template"]["spec"]["containers"]
    return found, {each["name"]: each["value"] for each in found["env"]}


def backends():
    """The addresses of the replicas in HAProxy's configuration, by backend."""
    found = {}
    for name, lines in re.findall(r"^backend (\w+)\n((?: .*\n|\n)+)", CONFIGURATION, re.MULTILINE):
        found[name] = re.findall(r'server replica(\d+) "\${REPLICA_(\d+)-([^}]*)}"', lines)
    return found


def test_the_proxy_has_the_same_replicas_in_both_backends():
    """The servers that get requests are those that are checked, in the order of their numbers."""
    expected = [(f"{n}", f"{n}", f"127.0.0.1:{port}") for n, port in enumerate(PORTS, start=1)]

    assert backends() == {"replicas": expected, "health": expected}


@pytest.mark.parametrize("number", range(1, len(PORTS) + 1))
def test_compose_has_each_replica(number):
    """Each replica has its service, number, peers and volume, and its variable of the proxy."""
    service = COMPOSE["services"][f"replica-{number}"]
    given = service["environment"]
    settings = Settings.of(
        replica=given["PINPOINT_SMS_EMU_REPLICA"], peers=given["PINPOINT_SMS_EMU_PEERS"]
    )
    proxy = COMPOSE["services"]["proxy"]["environment"]

    assert settings.replica == (number, len(PORTS))
    assert settings.peers[number - 1] == f"http://replica-{number}:7670"
    assert proxy[f"REPLICA_{number}"] == f"replica-{number}:7670"
    assert service["volumes"] == [f"data-{number}:{given['PINPOINT_SMS_EMU_DATA_DIR']}"]
    assert f"data-{number}" in COMPOSE["volumes"]


def test_compose_has_no_other_services():
    """There are as many replicas as in HAProxy's configuration, and HAProxy with its files."""
    proxy = COMPOSE["services"]["proxy"]
    files = [Path(each.split(":")[0]).name for each in proxy["volumes"]]

    assert len(COMPOSE["services"]) == len(PORTS) + 1
    assert [each for each in proxy["environment"] if each.startswith("REPLICA_")] == [
        f"REPLICA_{number}" for number in range(1, len(PORTS) + 1)
    ]
    assert files == KUSTOMIZATION["configMapGenerator"][0]["files"]
    assert all((DEPLOY / file).exists() for file in files)


def test_kubernetes_has_each_replica():
    """The pods of the StatefulSet are the peers and HAProxy's servers, with the same names."""
    replicas, given = container("StatefulSet", "replica")
    proxy, addresses = container("Deployment", "proxy")
    of_set = manifest("StatefulSet", "replica")["spec"]
    settings = Settings.of(replica="1/3", peers=given["PINPOINT_SMS_EMU_PEERS"])
    service = f"{of_set['serviceName']}.{KUSTOMIZATION['namespace']}.svc.cluster.local"
    expected = [f"replica-{index}.{service}:7670" for index in range(len(PORTS))]

    assert of_set["replicas"] == len(PORTS)
    assert f"/{len(PORTS)}" in replicas["args"][0]
    assert [url.removeprefix("http://") for url in settings.peers] == expected
    assert [addresses[f"REPLICA_{number}"] for number in range(1, len(PORTS) + 1)] == expected
    [data] = replicas["volumeMounts"]
    assert given["PINPOINT_SMS_EMU_DATA_DIR"].startswith(data["mountPath"])
    assert data["name"] == of_set["volumeClaimTemplates"][0]["metadata"]["name"]
    assert proxy["command"] == COMPOSE["services"]["proxy"]["command"]


def test_only_the_proxy_reaches_the_replicas():
    """The NetworkPolicy selects the StatefulSet's pods, and allows HAProxy and the peers."""
    policy = manifest("NetworkPolicy", "replica")["spec"]
    [rule] = policy["ingress"]

    assert policy["podSelector"] == manifest("StatefulSet", "replica")["spec"]["selector"]
    assert [each["podSelector"]["matchLabels"]["app"] for each in rule["from"]] == [
        "proxy",
        "replica",
    ]


def test_health_checks_use_the_health_route():
    """HAProxy and Kubernetes request the same route; HAProxy's own health is its monitor-uri."""
    replicas, _ = container("StatefulSet", "replica")
    proxy, _ = container("Deployment", "proxy")

    for probe in ("readinessProbe", "livenessProbe"):
        assert replicas[probe]["httpGet"]["path"] == "/_emulator/health"
    assert "option httpchk GET /_emulator/health\n" in CONFIGURATION
    assert f"monitor-uri {proxy['readinessProbe']['httpGet']['path']}\n" in CONFIGURATION


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda each: each["kind"])
def test_manifests_match_the_kubernetes_schema(manifest):
    """Each resource matches Kubernetes's schema, without unknown members."""
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_the_account_map_is_empty():
    """Users add their own keys."""
    lines = (DEPLOY / "accounts.map").read_text().splitlines()

    assert all(line.startswith("#") for line in lines)

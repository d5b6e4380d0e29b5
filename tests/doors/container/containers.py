"""Builds the image and runs containers, with buildah and podman and nothing of Docker."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
BASE = "localhost/python-base:3.13"
IMAGE = "localhost/pinpoint-sms-emu:test"
# Debian's release that has the Python of the Dockerfile's own base.
RELEASE = "trixie"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass
class Engine:
    """Podman and buildah, with all that they keep in one folder."""

    folder: Path
    variables: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        files = most_open_files()
        containers = self.folder / "containers.conf"
        containers.write_text(
            # runc, since crun insists on limits and control groups that not every machine grants.
            "[containers]\n"
            f'default_ulimits = ["nofile={files}:{files}", "nproc=4096:4096"]\n'
            'netns = "host"\n'
            "[engine]\n"
            'runtime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n'
        )
        storage = self.folder / "storage.conf"
        storage.write_text(
            "[storage]\n"
            f'driver = "{os.environ.get("CONTAINER_DRIVER", "overlay")}"\n'
            f'graphroot = "{self.folder}/graph"\nrunroot = "{self.folder}/run"\n'
        )
        self.variables = {
            "CONTAINERS_CONF": str(containers),
            "CONTAINERS_STORAGE_CONF": str(storage),
            "BUILDAH_ISOLATION": "chroot",
        }

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one command to its end; what it said is in the failure."""
        finished = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env=os.environ | self.variables,
        )
        if check and finished.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{finished.stdout}\n{finished.stderr}")
        return finished

    def inspect(self, name: str, template: str) -> str:
        """Ask about a container or an image."""
        return self.run("podman", "inspect", name, "--format", template).stdout.strip()

    def build(self) -> None:
        """Build the image, on a base that is made of Debian's packages."""
        if self.run("podman", "image", "exists", BASE, check=False).returncode:
            self._make_base()
        self.run(
            *("make", "--directory", str(ROOT), "image", f"BASE={BASE}", f"IMAGE={IMAGE}"),
            "BUILD_IMAGE=buildah build --format docker",
        )

    def _make_base(self) -> None:
        archive = self.folder / "base.tar"
        authorities = f"copy-in {AUTHORITIES} {AUTHORITIES.parent}"
        self.run(
            *("mmdebstrap", "--quiet", "--variant=minbase", "--mode=root"),
            "--include=python3,python3-pip,python3-venv,python-is-python3,ca-certificates",
            '--customize-hook=rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED',
            # This machine's own: without them, pip trusts nobody on a network with a proxy.
            f"--customize-hook={authorities}",
            '--customize-hook=rm -rf "$1"/var/lib/apt/lists/* "$1"/usr/share/doc/*',
            *(RELEASE, str(archive), *debian_mirror()),
        )
        change = f"--change=ENV=PIP_CERT={AUTHORITIES}"
        self.run("podman", "import", "-q", "--change=CMD=python3", change, str(archive), BASE)
        archive.unlink()

    @contextmanager
    def container(
        self, *options: str, image: str = IMAGE, command: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, int]]:
        """Run the image, locked up as tightly as it goes: the container's name, and its port."""
        port = free_port()
        name = f"pinpoint-sms-emu-{port}"
        self.run(
            *("podman", "run", "--detach", "--name", name, "--network", "host"),
            *("--health-interval=disable", "--read-only", "--read-only-tmpfs=false"),
            *("--cap-drop=ALL", "--security-opt", "no-new-privileges"),
            *("--env", "PINPOINT_SMS_EMU_HOST=127.0.0.1"),
            *("--env", f"PINPOINT_SMS_EMU_PORT={port}", *options, image, *command),
        )
        try:
            self._wait_until_healthy(name)
            yield name, port
        finally:
            self.run("podman", "rm", "--force", "--time", "0", name)

    def _wait_until_healthy(self, name: str) -> None:
        for _ in range(100):
            if self.run("podman", "healthcheck", "run", name, check=False).returncode == 0:
                return
            time.sleep(0.1)
        said = self.run("podman", "logs", name)
        raise RuntimeError(f"{name} does not become healthy:\n{said.stdout}\n{said.stderr}")


def most_open_files() -> int:
    """How many files this process may open, at most: a container may not have more."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def debian_mirror() -> list[str]:
    """Where this machine gets Debian's packages from; nothing if it does not say."""
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    if not sources.exists():
        return []
    lines = sources.read_text().splitlines()
    return [line.removeprefix("URIs:").strip() for line in lines if line.startswith("URIs:")][:1]


def free_port() -> int:
    """A port on loopback that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port

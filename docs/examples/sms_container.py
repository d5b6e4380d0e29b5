"""The emulator in a container, for tests with testcontainers: copy this file."""

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 7670


class SmsContainer(DockerContainer):
    """Use it in a `with` block; set settings with .with_env("PINPOINT_SMS_EMU_SEED", "7")."""

    def __init__(self, image: str = "pinpoint-sms-emu:latest") -> None:
        super().__init__(image)
        self.with_exposed_ports(PORT)
        self.waiting_for(HttpWaitStrategy(PORT, "/_emulator/health"))

    @property
    def url(self) -> str:
        """The endpoint_url of clients, and the URL of the page and /_emulator."""
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(PORT)}"

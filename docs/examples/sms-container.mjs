// The emulator in a container, for tests with testcontainers: copy this file.
import { GenericContainer, Wait } from "testcontainers";

const PORT = 7670;

/** `const sms = await startSms(); … sms.url … await sms.stop()`; settings are variables. */
export async function startSms({ image = "pinpoint-sms-emu:latest", settings = {} } = {}) {
  const container = await new GenericContainer(image)
    .withEnvironment(settings) // { PINPOINT_SMS_EMU_SEED: "7" }
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp("/_emulator/health", PORT))
    .start();
  return {
    url: `http://${container.getHost()}:${container.getMappedPort(PORT)}`,
    stop: () => container.stop(),
  };
}

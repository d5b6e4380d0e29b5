import { defineConfig } from "@playwright/test";

const PORT = process.env.PORT ?? "3000";

export default defineConfig({
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    // A browser of the system, in place of the one that Playwright downloads.
    launchOptions: { executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] },
  },
  webServer: { command: "node app.mjs", port: Number(PORT), env: { ...process.env, PORT } },
});

/* The button that chooses a theme. */

import { $ } from "./dom.js";

/** System, light, dark, and again. */
export function themes() {
  const button = $("#theme-button");
  const show = (choice) => {
    $("use", button).setAttribute("href", `#icon-theme-${choice}`);
    const name = { system: "system", light: "light", dark: "dark" }[choice];
    button.setAttribute("aria-label", `Theme: ${name}`);
    button.title = `Theme: ${name}`;
  };
  button.addEventListener("click", () => show(window.theme.next()));
  show(window.theme.get());
}

/* The theme that was chosen, before anything is painted. Not a module: those come too late. */
"use strict";

(() => {
  const CHOICES = ["system", "light", "dark"];

  function remembered() {
    try {
      const choice = localStorage.getItem("theme");
      return CHOICES.includes(choice) ? choice : "system";
    } catch {
      return "system"; // a browser that keeps nothing
    }
  }

  function set(choice) {
    document.documentElement.dataset.theme = choice;
    try {
      localStorage.setItem("theme", choice);
    } catch {
      // it holds for this visit
    }
  }

  document.documentElement.dataset.theme = remembered();
  window.theme = {
    get: () => document.documentElement.dataset.theme,
    next() {
      const choice = CHOICES[(CHOICES.indexOf(this.get()) + 1) % CHOICES.length];
      set(choice);
      return choice;
    },
  };
})();

// Light, dark, or as the system says. Loaded in the head without defer, so that the class stands before the first paint.
(() => {
  const key = "portal-theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      const value = localStorage.getItem(key);
      return value === "light" || value === "dark" ? value : "system";
    } catch {
      return "system"; // storage is forbidden: follow the system
    }
  };

  const apply = () => {
    const theme = chosen();
    const dark = theme === "dark" || (theme === "system" && system.matches);
    if (root.classList.contains("portal-dark") !== dark) root.classList.toggle("portal-dark", dark);
    for (const button of document.querySelectorAll("[data-theme-set]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
  };

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", event => { if (event.key === key) apply(); });
  document.addEventListener("DOMContentLoaded", apply);
  // a menu is marked when it opens: a circuit may have drawn it anew
  document.addEventListener("toggle", apply, true);
  // enhanced navigation writes the root element as the server knows it
  new MutationObserver(apply).observe(root, { attributeFilter: ["class"] });

  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-theme-set]");
    if (!button) return;
    try {
      if (button.dataset.themeSet === "system") localStorage.removeItem(key);
      else localStorage.setItem(key, button.dataset.themeSet);
    } catch {
      return;
    }
    apply();
  });
})();

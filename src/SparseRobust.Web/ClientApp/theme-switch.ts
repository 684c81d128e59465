import { define, Island, make } from "./elements";

/** Follows the system until the reader chooses; the cookie lets the server render the choice without a flash. */
class ThemeSwitch extends Island {
  protected start(signal: AbortSignal): void {
    const chosen = document.documentElement.dataset["theme"] ?? "";
    const select = make("select", { "aria-label": "Theme" },
      ...[["", "System"], ["light", "Light"], ["dark", "Dark"]].map(([value, name]) =>
        make("option", { value: value!, selected: value === chosen }, name!)));
    select.addEventListener("change", () => this.choose(select.value), { signal });
    this.replaceChildren(select);
    this.classList.remove("no-script-hidden");
  }

  private choose(theme: string): void {
    const root = document.documentElement;
    if (theme) root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31_536_000 : 0}; samesite=lax`;
  }
}

define("theme-switch", ThemeSwitch);

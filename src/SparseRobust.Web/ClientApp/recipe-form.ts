import { define, Island, make } from "./elements";
import { plan, showFaults } from "./recipe-plan";
import { defaultOf, get, isDefault, parseRecipe, pathOf, recipeOf, seedsOf, write, type Control, type Json, type JsonObject } from "./recipe-json";
import { completeVariants, isActive, recipeControls, showVariants } from "./recipe-variants";

const pause = 400;

/**
 * Around the form of a new run: shows the chosen variants, keeps [data-recipe-json] and the controls saying the same,
 * and asks for the plan, which it shows in [data-plan] and under the fields.
 */
class RecipeForm extends Island {
  private form!: HTMLFormElement;
  private json: HTMLTextAreaElement | null = null;
  private planBox: HTMLElement | null = null;
  private base: JsonObject = {};
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | undefined;

  protected start(signal: AbortSignal): void {
    const form = this.querySelector("form");
    if (!form) return;
    this.form = form;
    this.json = this.querySelector("[data-recipe-json]");
    this.planBox = this.querySelector("[data-plan]");
    this.planBox?.setAttribute("aria-live", "polite");
    form.addEventListener("input", event => this.changed(event.target), { signal });
    signal.addEventListener("abort", () => { clearTimeout(this.timer); this.asking?.abort(); });
    const given = this.json ? parseRecipe(this.json.value) : undefined;
    // After a refusal the texts are as they were typed, which the JSON cannot say of all of them.
    if (form.hasAttribute("data-keep")) {
      this.base = given ?? {};
      showVariants(form);
      this.mark();
      return;
    }
    if (given) this.readJson(given);
    else this.writeJson();
    this.planSoon();
  }

  private changed(target: EventTarget | null): void {
    if (target === this.json) {
      const recipe = parseRecipe(this.json!.value);
      this.json!.toggleAttribute("aria-invalid", false);
      if (recipe) this.readJson(recipe);
      else {
        this.json!.setAttribute("aria-invalid", "true");
        return;
      }
    } else {
      if (target instanceof HTMLSelectElement && target.matches("[data-axis]")) {
        showVariants(this.form);
        completeVariants(this.form);
      }
      this.writeJson();
    }
    this.planSoon();
  }

  private active(): Control[] {
    return recipeControls(this.form).filter(isActive);
  }

  private writeJson(): void {
    showVariants(this.form);
    this.base = recipeOf(this.active(), recipeControls(this.form), this.base);
    if (this.json) {
      this.json.value = JSON.stringify(this.base, null, 2);
      this.json.removeAttribute("aria-invalid");
    }
    this.mark();
  }

  private readJson(recipe: JsonObject): void {
    this.base = recipe;
    // A kind decides which further kinds are there, so the outer ones come first.
    const axes = [...this.form.querySelectorAll<HTMLSelectElement>("select[data-axis]")];
    axes.sort((a, b) => a.name.split(".").length - b.name.split(".").length);
    for (const axis of axes) {
      showVariants(this.form);
      if (isActive(axis)) write(axis, this.chosen(recipe, axis));
    }
    showVariants(this.form);
    for (const control of this.active()) {
      // A blank text means the default, which is its placeholder; a select has no blank.
      if (!control.matches("[data-axis]")) write(control, get(recipe, pathOf(control)) ?? (control instanceof HTMLSelectElement ? defaultOf(control) : undefined));
    }
    this.mark();
  }

  private chosen(recipe: JsonObject, axis: HTMLSelectElement): Json | undefined {
    const path = pathOf(axis);
    const isPresence = path.endsWith(".present");
    const value = get(recipe, isPresence ? path.slice(0, -".present".length) : path);
    if (isPresence && value !== undefined) return value === null ? "false" : "true";
    return value ?? defaultOf(axis) ?? axis.options[0]?.value;
  }

  private mark(): void {
    for (const control of this.active()) {
      control.closest(".field")?.classList.toggle("changed", control.dataset["default"] !== undefined && !isDefault(control));
    }
  }

  private planSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.plan(), pause);
  }

  private async plan(): Promise<void> {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    const seeds = this.form.querySelector<HTMLInputElement>("[name=seeds]")?.value ?? "";
    const controls = this.active();
    try {
      const outcome = await plan(this.base, seedsOf(seeds), controls, asking.signal);
      showFaults(this.form, recipeControls(this.form), outcome.faults);
      this.planBox?.replaceChildren(outcome.box);
    } catch {
      if (!asking.signal.aborted) this.planBox?.replaceChildren(make("p", { class: "muted" }, "The plan is not available at the moment. The run can still be started."));
    }
  }
}

define("recipe-form", RecipeForm);

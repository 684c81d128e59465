import { pathOf, type Control } from "./recipe-json";

const variant = "[data-variant-of]";

/** The select that chooses among an element's variants: the nearest one outside it, as another variant may have its own of that name. */
function axisOf(form: HTMLElement, element: HTMLElement): HTMLSelectElement | undefined {
  const name = CSS.escape(element.dataset["variantOf"] ?? "");
  for (let scope = element.parentElement; scope; scope = scope.parentElement) {
    const found = [...scope.querySelectorAll<HTMLSelectElement>(`select[data-axis="${name}"]`)]
      .find(select => select.closest(variant) === element.parentElement?.closest(variant));
    if (found) return found;
    if (scope === form) return undefined;
  }
  return undefined;
}

/** Shows the chosen variants and switches the controls of the others off, so that they are not sent either. */
export function showVariants(form: HTMLElement): void {
  for (const element of form.querySelectorAll<HTMLElement>(variant)) {
    const axis = axisOf(form, element);
    const chosen = axis === undefined || axis.value === element.dataset["variant"];
    element.hidden = !chosen;
    if (element instanceof HTMLDetailsElement) element.open = chosen;
    const fieldsets = element instanceof HTMLFieldSetElement ? [element] : [...element.querySelectorAll<HTMLFieldSetElement>(":scope > fieldset")];
    fieldsets.forEach(fieldset => { fieldset.disabled = !chosen; });
  }
}

/** The controls that are members of the recipe: named by a path, not hidden inputs, not marked as something else. */
export function recipeControls(form: HTMLFormElement): Control[] {
  const found = form.querySelectorAll<Control>("input[name], select[name], textarea[name]");
  return [...found].filter(control => !control.matches("[type=hidden], [data-recipe-json], [data-outside-recipe], [name^='_'], [name=seeds]"));
}

export const isActive = (control: Control): boolean => control.closest(`${variant}[hidden]`) === null;

/** Makes the chosen variants whole: a record that a chosen kind needs is there, and what must be given and is blank starts with what is suggested. */
export function completeVariants(form: HTMLFormElement): void {
  const active = recipeControls(form).filter(isActive);
  for (const present of active.filter(control => control.dataset["neededBy"])) {
    const kind = pathOf(present).replace(/[^.]+\.present$/, `${present.dataset["neededBy"]}.kind`);
    const kinds = present.dataset["neededKinds"]!.split(" ");
    if (active.some(control => pathOf(control) === kind && kinds.includes(control.value))) present.value = "true";
  }
  for (const control of active) {
    if (control.value.trim() === "" && control.dataset["suggestion"]) control.value = control.dataset["suggestion"];
  }
  showVariants(form);
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
/** The member of the recipe that a control holds: its name without the kinds in brackets that tell the fields of several kinds apart. */
export const pathOf = (control: Control): string => control.name.replace(/\[[^\]]*\]/g, "");

const isPresence = (path: string): boolean => path.endsWith(".present");
const isKind = (path: string): boolean => path === "kind" || path.endsWith(".kind");
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf(".")));
const depth = (path: string): number => path.split(".").length;

export function get(root: Json, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, name) => isObject(value) ? value[name] : undefined, root);
}

function set(root: JsonObject, path: string, value: Json): void {
  const names = path.split(".");
  const last = names.pop()!;
  let place = root;
  for (const name of names) {
    const next = place[name];
    place = isObject(next) ? next : (place[name] = {});
  }
  place[last] = value;
}

/** Removes a member and the objects that it leaves empty. */
function remove(root: JsonObject, path: string): void {
  const parent = parentOf(path);
  const place = parent ? get(root, parent) : root;
  if (!isObject(place)) return;
  delete place[path.slice(parent ? parent.length + 1 : 0)];
  if (parent && Object.keys(place).length === 0) remove(root, parent);
}

function typed(control: Control, text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  switch (control.dataset["type"] ?? control.type) {
    // What is no number stays text: the server then says so, with the value.
    case "number": case "integer": case "range": return Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean": case "checkbox": return text.toLowerCase() === "true";
    case "list": return text.split(",").map(part => part.trim()).filter(Boolean);
    case "json":
      try { return JSON.parse(text) as Json; } catch { return text; }
    default: return text;
  }
}

export function valueOf(control: Control): Json | undefined {
  if (control instanceof HTMLInputElement && control.type === "checkbox") return control.checked;
  return typed(control, control.value);
}

export function defaultOf(control: Control): Json | undefined {
  return control.dataset["default"] === undefined ? undefined : typed(control, control.dataset["default"]);
}

export function isDefault(control: Control): boolean {
  const value = valueOf(control);
  return value === undefined || JSON.stringify(value) === JSON.stringify(defaultOf(control));
}

export function write(control: Control, value: Json | undefined): void {
  if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = value === true;
  else if (value === undefined || value === null) control.value = "";
  else if (Array.isArray(value) && control.dataset["type"] === "list") control.value = value.join(", ");
  else control.value = typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * The recipe that a form says, with defaults left out. What `base` has and the form has no control for is kept.
 * A kind is written where it differs from the default or where its object has another member, which needs it.
 */
export function recipeOf(active: Control[], all: Control[], base: JsonObject): JsonObject {
  const members = active.filter(control => !isPresence(pathOf(control)));
  const values = new Map<string, Json>(members.filter(control => !isKind(pathOf(control)) && !isDefault(control)).map(control => [pathOf(control), valueOf(control)!]));
  const kinds = members.filter(control => isKind(pathOf(control))).sort((a, b) => depth(pathOf(b)) - depth(pathOf(a)));
  for (const kind of kinds) {
    const inside = `${parentOf(pathOf(kind))}.`;
    if (!isDefault(kind) || [...values.keys()].some(path => path.startsWith(inside))) values.set(pathOf(kind), kind.value);
  }
  for (const present of active.filter(control => isPresence(pathOf(control)) && !isDefault(control))) {
    const record = parentOf(pathOf(present));
    if (present.value !== "true") values.set(record, null);
    else if (![...values.keys()].some(path => path.startsWith(`${record}.`))) values.set(record, {});
    const kind = `${parentOf(record)}.kind`;
    const outer = kinds.find(control => pathOf(control) === kind);
    if (outer) values.set(kind, outer.value);
  }
  const recipe = structuredClone(base);
  all.forEach(control => remove(recipe, isPresence(pathOf(control)) ? parentOf(pathOf(control)) : pathOf(control)));
  const order = [...values.keys()].sort((a, b) => Number(isKind(b)) - Number(isKind(a)) || (isKind(a) ? depth(a) - depth(b) : 0));
  order.forEach(path => set(recipe, path, values.get(path)!));
  return recipe;
}

export function parseRecipe(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** "1-3, 7" is 1, 2, 3, 7. */
export function seedsOf(text: string): number[] {
  return text.split(",").flatMap(part => {
    const range = /^\s*(\d+)\s*(?:-\s*(\d+))?\s*$/.exec(part);
    if (!range) return [];
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    return Array.from({ length: Math.min(1000, Math.max(0, last - first + 1)) }, (_, index) => first + index);
  });
}

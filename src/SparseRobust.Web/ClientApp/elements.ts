type Attributes = Record<string, string | number | boolean | undefined>;

/** Makes an element; text is never read as HTML. An attribute that is false or undefined is left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

export function setText(parent: ParentNode, selector: string, text: string): void {
  const found = parent.querySelector(selector);
  if (found && found.textContent !== text) found.textContent = text;
}

/** Shows a state in the badge that StateBadge rendered; the shape follows the attribute. */
export function setState(parent: ParentNode, state: string): void {
  const badge = parent.querySelector<HTMLElement>(".state");
  if (!badge || badge.dataset["state"] === state) return;
  badge.dataset["state"] = state;
  badge.textContent = state;
}

/** An island: connected once, its listeners end with the signal. */
export abstract class Island extends HTMLElement {
  private lifetime: AbortController | undefined;

  connectedCallback(): void {
    this.lifetime = new AbortController();
    this.start(this.lifetime.signal);
  }

  disconnectedCallback(): void {
    this.lifetime?.abort();
  }

  protected abstract start(signal: AbortSignal): void;
}

export function define(name: string, island: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, island);
}

import { define, Island, setText } from "./elements";
import { bytes } from "./numbers";

interface ModelImport {
  id: string;
  state: string;
  done_bytes?: number;
  total_bytes?: number;
}

const pause = 1_000;
const underWay = new Set(["preparing", "fetching", "checking"]);

/** <model-imports> around the table of imports: shows how far they are, and loads the page anew when one has ended. */
class ModelImports extends Island {
  protected start(signal: AbortSignal): void {
    void this.follow(signal);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.querySelector("progress")) {
      await new Promise(done => setTimeout(done, pause));
      const response = await fetch("/api/v1/models/imports", { signal }).catch(() => undefined);
      if (!response?.ok) continue;
      const { items } = await response.json() as { items: ModelImport[] };
      if (this.show(items) && !this.isReaderBusy()) this.loadAnew();
    }
  }

  /** Without the notice that it was begun, which is no longer true. */
  private loadAnew(): void {
    history.replaceState(null, "", location.pathname);
    location.reload();
  }

  /** Whether one has ended that the page shows as under way. */
  private show(imports: ModelImport[]): boolean {
    let hasEnded = false;
    for (const row of this.querySelectorAll<HTMLElement>("[data-import]")) {
      const progress = row.querySelector("progress");
      if (!progress) continue;
      const item = imports.find(each => each.id === row.dataset["import"]);
      if (!item || !underWay.has(item.state)) {
        hasEnded = true;
        continue;
      }
      const { done_bytes: done = 0, total_bytes: total } = item;
      setText(row, ".state", item.state);
      setText(row, "[data-bytes]", total ? `${bytes(done)} of ${bytes(total)}` : bytes(done));
      [progress.max, progress.value] = [total || 1, done];
    }
    return hasEnded;
  }

  // What somebody is typing into one of the forms must not be lost.
  private isReaderBusy(): boolean {
    return document.activeElement?.matches("input, textarea, select") === true
      || [...document.querySelectorAll("input")].some(input => input.value !== input.defaultValue);
  }
}

define("model-imports", ModelImports);

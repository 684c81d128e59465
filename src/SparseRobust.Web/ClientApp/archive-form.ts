import { define, Island, make } from "./elements";
import { bytes } from "./numbers";
import { notice, type Problem } from "./problem";

/** <archive-form> around the form that sends a model's archive: shows how much of it has been sent. fetch() cannot. */
class ArchiveForm extends Island {
  protected start(signal: AbortSignal): void {
    this.querySelector("form")?.addEventListener("submit", event => {
      const form = event.currentTarget as HTMLFormElement;
      const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
      const name = form.querySelector<HTMLInputElement>("input[name=name]")?.value.trim();
      if (!file || !name) return;
      event.preventDefault();
      this.send(file, name);
    }, { signal });
  }

  private send(file: File, name: string): void {
    const progress = make("progress", { max: file.size || 1, value: 0, "aria-label": `Sent of ${file.name}` });
    const sent = make("span", { class: "small" }, "");
    const cancel = make("button", { type: "button" }, "Cancel");
    const status = make("div", { class: "form", role: "status" }, sent, progress, make("div", {}, cancel));
    const button = this.querySelector<HTMLButtonElement>("button[type=submit]");
    this.querySelectorAll(".notice, [role=status]").forEach(old => old.remove());
    this.append(status);
    if (button) button.disabled = true;

    const request = new XMLHttpRequest();
    const end = (problem?: Problem): void => {
      status.remove();
      if (button) button.disabled = false;
      if (problem) this.append(make("div", { role: "alert" }, notice(problem)));
    };
    request.upload.addEventListener("progress", event => {
      progress.value = event.loaded;
      sent.textContent = event.loaded < file.size ? `${bytes(event.loaded)} of ${bytes(file.size)} sent` : "Sent; it is being checked";
    });
    request.addEventListener("load", () => {
      if (request.status < 200 || request.status >= 300) return end(problemIn(request));
      history.replaceState(null, "", location.pathname);
      location.reload();
    });
    request.addEventListener("error", () => end({ title: "The connection broke off", detail: "Nothing of the archive was kept. Send it again." }));
    request.addEventListener("abort", () => end());
    cancel.addEventListener("click", () => request.abort());
    request.open("PUT", `/api/v1/models/import/${encodeURIComponent(name)}/archive?file=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  }
}

function problemIn(request: XMLHttpRequest): Problem {
  try {
    return JSON.parse(request.responseText) as Problem;
  } catch {
    return { title: `The server answered ${request.status}` };
  }
}

define("archive-form", ArchiveForm);

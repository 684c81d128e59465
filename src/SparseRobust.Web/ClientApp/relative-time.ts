import { define, Island } from "./elements";

const format = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
const month = 30 * 86_400;

/** "4 min. ago" for the last month, the absolute time as tool tip; older times stay absolute. */
class RelativeTime extends Island {
  protected start(signal: AbortSignal): void {
    const time = this.querySelector("time");
    const moment = Date.parse(time?.dateTime ?? "");
    if (!time || Number.isNaN(moment)) return;
    time.title = time.textContent ?? "";
    const show = (): void => {
      const seconds = (moment - Date.now()) / 1000;
      if (Math.abs(seconds) > month) return;
      const unit = units.find(([, length]) => Math.abs(seconds) >= length);
      const text = unit ? format.format(Math.round(seconds / unit[1]), unit[0]) : "just now";
      if (time.textContent !== text) time.textContent = text;
    };
    show();
    const timer = setInterval(show, 30_000);
    signal.addEventListener("abort", () => clearInterval(timer));
  }
}

define("relative-time", RelativeTime);

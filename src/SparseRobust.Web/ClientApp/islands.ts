/** Loads the code of the islands that are on this page, and of no other. */
const islands: Record<string, () => Promise<unknown>> = {
  "theme-switch": () => import("./theme-switch"),
  "relative-time": () => import("./relative-time"),
  "run-live": () => import("./run-live"),
  "run-table": () => import("./run-table"),
  "run-progress": () => import("./run-progress"),
  "log-tail": () => import("./log-tail"),
  "metric-chart": () => import("./metric-chart"),
  "predict-form": () => import("./predict-form"),
  "model-imports": () => import("./model-imports"),
  "archive-form": () => import("./archive-form"),
  "recipe-form": () => import("./recipe-form"),
};

for (const [name, load] of Object.entries(islands)) {
  if (document.querySelector(name)) void load();
}

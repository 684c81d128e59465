import { rm } from "node:fs/promises";
import { build } from "esbuild";

const outdir = "../../../wwwroot/dist";

// Chunks are named by their content, so those of earlier builds would stay behind.
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: ["islands.ts"],
  outdir,
  entryNames: "[name]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
});

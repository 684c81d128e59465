import { build } from "esbuild";

await build({
  entryPoints: ["islands.ts"],
  outdir: "../../../wwwroot/dist",
  entryNames: "[name]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: true,
});

import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

import { basemap } from "./basemap/plugin.ts";

/** Where `npm run dev` finds the API. */
const API = process.env["CHRONOLOGY_API"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "./",
  plugins: [basemap()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // nothing inline: the Content-Security-Policy takes no data: scripts or styles
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200, // MapLibre
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: { codeSplitting: { groups: [{ name: "maplibre", test: /maplibre-gl/ }] } },
    },
  },
  server: { proxy: { "/v1": API, "/page.json": API } },
  test: { include: ["tests/**/*.test.ts"] },
});

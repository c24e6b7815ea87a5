import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { fetchedChunks } from "./build/fetched-chunks";
import { personModel } from "./build/person-model";

export default defineConfig({
  plugins: [tailwindcss(), personModel(), fetchedChunks()],
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // The page's content security policy forbids data: fonts and scripts.
    assetsInlineLimit: 0,
    // `cargo xtask sizes` reads from it what a page loads.
    manifest: true,
    modulePreload: { polyfill: false },
  },
  worker: {
    format: "es",
    // In a folder of their own, because they have a content security policy of their own.
    rollupOptions: { output: { entryFileNames: "assets/worker/[name]-[hash].js" } },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: "http://localhost:8787", ws: true }, "/dev": "http://localhost:8787" },
  },
});

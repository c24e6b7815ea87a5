/** Has every `import()` of the built client fetch the files that it needs first (`src/chunks.ts`). */
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What Vite has each `import()` call, with the files that it needs; by its name in Vite's sources. */
const HELPER = /^\0vite\/preload-helper\.js$/;
const DECLARED = "export const __vitePreload =";
const CHUNKS = fileURLToPath(new URL("../src/chunks.ts", import.meta.url));

export function fetchedChunks(): Plugin {
  let found = false;
  return {
    name: "fetched-chunks",
    apply: "build",
    config: () => ({
      build: {
        modulePreload: {
          // Of a file that needs no other Vite names none.
          resolveDependencies: (file, files, { hostType }) =>
            hostType === "html" || files.includes(file) || !file.endsWith(".js") ? files : [file, ...files],
        },
      },
    }),
    transform: {
      filter: { id: HELPER },
      handler(code) {
        found = code.includes(DECLARED);
        return `import { fetchChunks } from ${JSON.stringify(CHUNKS)};
${code.replace(DECLARED, "const linked =")};
export const __vitePreload = async (load, files = []) => {
  await fetchChunks(files);
  return linked(load, files);
};`;
      },
    },
    buildEnd(error) {
      if (!error && !found) this.error("Vite has another helper for import() than it had");
    },
  };
}

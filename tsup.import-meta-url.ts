import { pathToFileURL } from 'node:url';

// Replacement for `import.meta.url` in a CommonJS file; files that do not use it leave it out, so that others can
// bundle them.
const here = (): string => pathToFileURL(__filename).href;
export const importMetaUrl_ = /* @__PURE__ */ here();

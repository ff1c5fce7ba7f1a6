import { pathToFileURL } from 'node:url';

// What `import.meta.url` becomes in a CommonJS file; left out of those that do not ask for it, which others may bundle.
const here = (): string => pathToFileURL(__filename).href;
export const importMetaUrl_ = /* @__PURE__ */ here();

export { configReference } from './config-reference.js';
export { findConfigFile } from './find-config-file.js';
export { resolveConfig } from './resolve-config.js';
export { resolvedAsJson } from './resolved-as-json.js';
export type { ConfigModule } from './load-layers.js';
export type { UsableHardware } from './load-multiplier.js';
export type { CliOverrides } from './override-layers.js';
export type { ResolveConfigOptions } from './resolve-config.js';
export type { ResolvedValue } from './resolved-as-json.js';

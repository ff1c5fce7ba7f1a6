import { redactDeep, type Json, type Provenance, type ResolvedConfig } from '@chaos/spec';
import { isMap } from './raw-config.js';

/** A resolved value as `chaos config --json` prints it. */
export interface ResolvedValue {
  /** `null`: not set. Secrets are `***`: passwords of URLs, and values under a secret name. */
  readonly value: Json;
  /** Layer and place: `environment variable CHAOS_SEED`, `chaos.yaml:3:12`, `default`. */
  readonly source: string;
  readonly layer: Provenance['layer'];
}

/** Every resolved value by its dotted path, with its source. */
export function resolvedAsJson(config: ResolvedConfig): Readonly<Record<string, ResolvedValue>> {
  const { provenance, ...values } = config;
  return Object.fromEntries(
    leaves(values, '').map(([path, value]) => {
      const { layer, source } = provenanceOf(provenance, path);
      const named = layer === 'command line' || layer === 'environment variable' ? `${layer} ${source}` : source;
      return [path, { value: safeValue(path, value) ?? null, source: named, layer }];
    }),
  );
}

// Its own name decides whether it is secret, as in `target.env.API_KEY`.
function safeValue(path: string, value: unknown): Json {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return redactDeep({ [name]: value })[name] as Json;
}

function leaves(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (!isMap(value) || (path !== '' && Object.keys(value).length === 0)) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}

// A value inside another one that was set as a whole has the position of the whole.
function provenanceOf(provenance: ResolvedConfig['provenance'], path: string): Provenance {
  for (
    let prefix = path;
    prefix !== '';
    prefix = prefix.includes('.') ? prefix.slice(0, prefix.lastIndexOf('.')) : ''
  ) {
    const found = provenance[prefix];
    if (found !== undefined) return found;
  }
  return { layer: 'default', source: 'default' };
}

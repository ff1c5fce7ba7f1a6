import type { HardwareProfile, LoadParameters, Provenance } from '@chaos/spec';
import { BASE_ENVIRONMENT, defaultLayer } from '../defaults.js';
import type { Layer } from '../sources/layer.js';
import { isOverride, lookUp, type Found } from './lookup.js';
import { describeProblem } from '../problem.js';
import type { Recorder } from './recorder.js';

const BASES = {
  connectionPoolSize: 'connection_pool_size',
  retryAttempts: 'retry_attempts',
  iterations: 'iterations',
  dataRows: 'data_rows',
  cacheTtlMs: 'cache_ttl_ms',
  jitterMs: 'jitter_ms',
  warmupOperations: 'warmup_operations',
} as const;

/** The load of one environment on this machine. Overrides are absolute; pool size and retries are never scaled. */
export function resolveLoad(
  layers: readonly Layer[],
  environment: string,
  multiplier: number,
  recorder: Recorder,
): LoadParameters {
  const base = (key: string): Found<number> => {
    const found =
      lookUp<number>(layers, ['environments', environment, key]) ??
      lookUp<number>([defaultLayer([])], ['environments', BASE_ENVIRONMENT, key]);
    if (found === undefined)
      throw new TypeError(
        `Cannot resolve environments.${environment}.${key}: no layer has a value, not even the defaults`,
      );
    return found;
  };
  const scaled = (path: string, found: Found<number>, scale: (value: number) => number, formula: string): number => {
    const { provenance, value } = found;
    const asIs = isOverride(provenance);
    recorder.note(path, asIs ? provenance : { ...provenance, source: `${provenance.source}, ${formula}` });
    return asIs ? value : scale(value);
  };

  const requests = base('concurrent_requests');
  const seconds = base('timeout_seconds');
  const timeout: Found<number> = { value: seconds.value * 1000, provenance: seconds.provenance };
  const plain = Object.entries(BASES).map(([name, key]) => {
    const found = base(key);
    recorder.note(name, found.provenance);
    return [name, found.value] as const;
  });
  return {
    concurrentRequests: scaled(
      'concurrentRequests',
      requests,
      (value) => Math.max(1, Math.round(value * multiplier)),
      `${requests.value} × ${multiplier}`,
    ),
    timeoutMs: Math.max(
      1,
      Math.round(
        scaled(
          'timeoutMs',
          timeout,
          (value) => Math.min(Math.max(value / multiplier, value / 4), value * 4),
          `${timeout.value} ms / ${multiplier}`,
        ),
      ),
    ),
    ...(Object.fromEntries(plain) as Record<keyof typeof BASES, number>),
  };
}

/** Pass rates of the environment on this class of machine; `acceptable` must not be above `target`. */
export function resolvePassRates(
  layers: readonly Layer[],
  environment: string,
  profile: HardwareProfile,
  recorder: Recorder,
): {
  readonly passRates: { readonly target: number; readonly acceptable: number };
  readonly problems: readonly string[];
} {
  const rate = (key: 'target' | 'acceptable'): Found<number> => {
    const of = (name: string, from: readonly Layer[]): Found<number> | undefined =>
      lookUp<number>(from, ['pass_rates', name, profile, key], ['pass_rates', name, key]);
    const found = of(environment, layers) ?? of(BASE_ENVIRONMENT, [defaultLayer([])]);
    if (found === undefined)
      throw new TypeError(
        `Cannot resolve pass_rates.${environment}.${key}: no layer has a value, not even the defaults`,
      );
    recorder.note(`passRates.${key}`, found.provenance);
    return found;
  };
  const target = rate('target');
  const acceptable = rate('acceptable');
  const passRates = { target: target.value, acceptable: acceptable.value };
  if (acceptable.value <= target.value) return { passRates, problems: [] };
  return { passRates, problems: [aboveTarget(environment, acceptable, target.value, target.provenance)] };
}

function aboveTarget(environment: string, acceptable: Found<number>, target: number, of: Provenance): string {
  const layer: Layer = {
    name: acceptable.provenance.layer,
    data: {},
    source: () => acceptable.provenance.source,
    sourceNamesSetting: false,
  };
  return describeProblem({
    layer,
    path: ['pass_rates', environment, 'acceptable'],
    value: acceptable.value,
    what: `allowed is at most target, ${target} (${of.source})`,
  });
}

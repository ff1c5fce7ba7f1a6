import { launcher, type RunRecord } from '@chaos/record';
import type { Json, Provenance } from '@chaos/spec';
import type { RunInfo } from '../data/report-data.js';

/** Facts about the run for the head of the page. */
export function runInfo({ start, end }: RunRecord, hosts: ReadonlySet<string>): RunInfo {
  const config = start?.config;
  return {
    runId: start?.runId ?? '',
    startMs: start?.startMs ?? end?.endMs ?? Date.now(),
    ...(end && { durationMs: end.durationMs, status: end.status }),
    version: start?.version ?? '',
    seed: config?.runner.seed ?? '',
    environment: config?.environment ?? '',
    profile: config?.profile ?? '',
    ...(start?.variant !== undefined && { variant: start.variant }),
    ...(start?.until !== undefined && { until: start.until }),
    workers: config?.runner.workers ?? 0,
    hosts: [...hosts],
    command: launcher(config?.rootDir ?? '/').join(' '),
    passRates: config?.passRates ?? { target: 100, acceptable: 100 },
    settings: settingsOf(config),
    facts: factsOf(config?.metadata ?? {}),
  };
}

function settingsOf(
  config: { readonly provenance?: Readonly<Record<string, Provenance>> } | undefined,
): RunInfo['settings'] {
  return Object.entries(config?.provenance ?? {})
    .filter(([, { layer }]) => layer !== 'default')
    .map(([name, { source }]) => ({ name, value: shown(valueAt(config, name)), source: String(source ?? '') }));
}

function valueAt(from: unknown, path: string): unknown {
  let value = from;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined | null)?.[key];
  return value;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

// What `runner.capture_git_info` adds, and what a project says in `metadata`.
function factsOf(metadata: Readonly<Record<string, Json>>): RunInfo['facts'] {
  return Object.entries(metadata).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ name, value: shown(value) }];
    return Object.entries(value as Record<string, Json>).flatMap(([key, each]) => {
      if (typeof each !== 'string' && typeof each !== 'number') return [];
      const text = String(each);
      return [{ name: `${name}.${key}`, value: text.slice(0, 500), ...(/^https?:\/\//.test(text) && { href: text }) }];
    });
  });
}

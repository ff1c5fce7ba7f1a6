import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { noJournal, type ResolvedConfig, type ServiceConfig, type ServiceDefinition } from '@chaos/spec';
import { acquirePortBlock } from '@chaos/runner/ports';
import { shippedService } from '@chaos/services/shipped';
import { loadDefinition } from '../settings/load-definition.js';
import { failed, type Check } from './check.js';
import { checkReachable } from './reachable.js';

/** Checks each service: at its URL if it has one, else with the definition's own check, else by starting it. */
export async function checkServices(
  { services }: Pick<ResolvedConfig, 'services'>,
  path: string | undefined,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const [name, settings] of Object.entries(services)) {
    if (settings.speaks) {
      checks.push(await checkReachable(name, settings.url ?? '', { 'http:': 80, 'https:': 443 }));
      continue;
    }
    const definition = await definitionOf(name, settings);
    if (definition) checks.push(await checkService(definition, settings, path));
  }
  return checks;
}

// The configuration has loaded this definition already.
async function definitionOf(name: string, { definition }: ServiceConfig): Promise<ServiceDefinition | undefined> {
  return definition === undefined ? shippedService(name) : ((await loadDefinition(definition)) as ServiceDefinition);
}

async function checkService(
  definition: ServiceDefinition,
  { url, startTimeoutMs }: ServiceConfig,
  path: string | undefined,
): Promise<Check> {
  const { title: name, protocols } = definition;
  if (url !== undefined) return checkReachable(name, url, protocols);
  const signal = AbortSignal.timeout(startTimeoutMs * 2);
  try {
    if (definition.doctor) return { name, ...(await definition.doctor({ path, signal })) };
    return { name, status: 'ok', detail: await tryOut(definition, startTimeoutMs, signal) };
  } catch (error) {
    return failed(name, error);
  }
}

// Starts it as a slot does.
async function tryOut(definition: ServiceDefinition, startTimeoutMs: number, signal: AbortSignal): Promise<string> {
  const directory = await mkdtemp('/tmp/chaos-doctor-');
  try {
    await chmod(directory, 0o755);
    await using ports = await acquirePortBlock();
    const prepared = (await definition.prepare?.({ signal })) ?? null;
    const started = performance.now();
    await using service = await definition.start(
      {
        slotIndex: 0,
        runId: 'doctor',
        seed: 'doctor',
        directory,
        journal: noJournal,
        log() {},
        takePort: (purpose) => ports.take(purpose),
        startTimeoutMs,
        prepared,
        linkEndpoint: async () => ({ host: '127.0.0.1', port: await ports.take('link') }),
      },
      signal,
    );
    await service.ready(signal);
    const { pid } = service as { readonly pid?: number };
    return `started and ready in ${Math.round(performance.now() - started)} ms${pid === undefined ? '' : ` (process ${pid})`}`;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

import type { RunOptions } from '@chaos/runner/run';
import { UsageError, type ResolvedConfig } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import type { RunFlags } from '../../flags.js';
import { tell } from '../../output/tell.js';
import { overridesOf } from '../../settings/overrides-of.js';
import { version } from '../../version.js';
import { countOf } from './agent.js';
import { fileLayers } from './file-layers.js';
import { fleetKey } from './fleet-key.js';
import { loadFleet } from './load-fleet.js';

type Fleet = Pick<RunOptions, 'remote'> & AsyncDisposable;

const LOCAL = /^local(?::(redis|postgres))?$/;

/** The fleet of a run with `--fleet`; disposing ends what was started for it. */
export async function openFleet(
  flags: RunFlags,
  config: ResolvedConfig,
  options: Pick<RunOptions, 'until' | 'faults' | 'variant' | 'argv'>,
  context: CliContext,
): Promise<Fleet> {
  const { fleet = '', resume } = flags;
  if (options.until)
    throw new UsageError('Cannot use --until with --fleet: a repeated run stays on one machine', {
      hint: '--repeat-each runs each test several times, on any agent.',
    });
  const { FleetRemote } = await loadFleet();
  const log = (line: string): void => tell(context, line);
  const stopped = new AbortController();
  const local = await openLocal(flags, context, { log, signal: stopped.signal });
  const remote = new FleetRemote({
    url: local?.url ?? fleet,
    key: local?.key ?? fleetKey(context.env),
    version: version(),
    rootDir: config.rootDir,
    outputDir: config.runner.outputDir,
    layers: await fileLayers(flags, context),
    settings: {
      argv: options.argv,
      overrides: shared(flags),
      ...(flags.environment !== undefined && { environment: flags.environment }),
      seed: config.runner.seed,
      ...(options.variant !== undefined && { variant: options.variant }),
      faults: options.faults,
      preserveOutput: config.runner.preserveOutput,
    },
    leaseMs: countOf('--lease', flags.lease ?? '15') * 1000,
    patienceMs: countOf('--agent-timeout', flags.agentTimeout ?? '60') * 1000,
    ...(local && { agents: local.agents }),
    ...(resume !== undefined && { resume }),
    log,
  });
  return {
    remote,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await local?.[Symbol.asyncDispose]();
    },
  };
}

// `local` is a store and agents that are started for this run alone.
async function openLocal(
  flags: RunFlags,
  context: CliContext,
  { log, signal }: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<({ readonly url: string; readonly key: string; readonly agents: number } & AsyncDisposable) | undefined> {
  const [isLocal, store] = LOCAL.exec(flags.fleet ?? '') ?? [];
  if (isLocal === undefined) return undefined;
  if (flags.resume !== undefined)
    throw new UsageError('Cannot use --resume with --fleet local: its store ended with the run');
  const agents = countOf('--agents', flags.agents ?? '2');
  const { startLocalFleet } = await loadFleet();
  const local = await startLocalFleet({
    agents,
    slots: countOf('--slots', flags.slots ?? '1'),
    store: store === 'postgres' ? 'postgres' : 'redis',
    command: [process.execPath, process.argv[1] ?? '', 'agent', '--attached', ...configArgs(flags)],
    cwd: context.cwd,
    env: context.env,
    log,
    signal,
  });
  return { url: local.url, key: local.key, agents, [Symbol.asyncDispose]: () => local[Symbol.asyncDispose]() };
}

function configArgs({ config }: RunFlags): readonly string[] {
  return config === undefined ? [] : ['--config', config];
}

// Places, numbers of workers and which tests run are each machine's own business, or that of the plan.
function shared(flags: RunFlags): Readonly<Record<string, unknown>> {
  const own = ['workers', 'output', 'shard', 'maxFailures', 'forbidOnly', 'globalTimeoutMs'];
  return Object.fromEntries(Object.entries(overridesOf(flags)).filter(([name]) => !own.includes(name)));
}

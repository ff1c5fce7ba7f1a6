import { hostname } from 'node:os';
import { calibrate } from '@chaos/env';
import { healDeadRuns } from '@chaos/runner/heal';
import { createRunner } from '@chaos/runner/run';
import { ExitCode, UsageError } from '@chaos/spec';
import type { CliContext } from '../../context.js';
import type { ConfigFlags } from '../../flags.js';
import { tell } from '../../output/tell.js';
import { ownCapabilities } from '../../settings/load-definition.js';
import { resolveSettings } from '../../settings/resolve-settings.js';
import { version } from '../../version.js';
import { fileLayers } from './file-layers.js';
import { fleetKey } from './fleet-key.js';
import { loadFleet } from './load-fleet.js';

/** Flags of `chaos agent`. */
export interface AgentFlags extends ConfigFlags {
  readonly fleet?: string;
  readonly name?: string;
  readonly labels?: string;
  readonly slots: string;
  readonly once?: boolean;
  readonly attached?: boolean;
}

/** `chaos agent`: takes part in the runs of a fleet until SIGINT or SIGTERM; both end it normally. */
export async function agent(flags: AgentFlags, context: CliContext): Promise<ExitCode> {
  const { cwd, env } = context;
  const url = flags.fleet ?? env['CHAOS_FLEET'];
  if (url === undefined)
    throw new UsageError('Cannot start an agent: no fleet is given', { hint: 'Say --fleet, or set CHAOS_FLEET.' });
  const { runAgent } = await loadFleet();
  const key = fleetKey(env);
  const slots = countOf('--slots', flags.slots);
  await healDeadRuns({ log: (line) => tell(context, line) });
  const ended = new AbortController();
  const end = (): void => ended.abort();
  listen('once', end);
  if (flags.attached === true) process.stdin.resume().once('end', end).once('error', end).once('close', end);
  await runAgent({
    url,
    key,
    name: flags.name ?? `${hostname()}-${process.pid}`,
    slots,
    labels: labelsOf(flags.labels),
    cwd,
    version: version(),
    once: flags.once === true,
    signal: ended.signal,
    log: (line) => tell(context, line),
    createRunner,
    calibrate,
    checkout: async ({ overrides, environment }) => {
      const chosen = { ...flags, ...(environment !== undefined && { environment }) };
      // The user's configuration may block this process, which hears no signal then; nothing is to be ended yet.
      listen('off', end);
      try {
        const config = await resolveSettings(chosen, overrides, context);
        const [layers, capabilities] = await Promise.all([fileLayers(chosen, context), ownCapabilities(config)]);
        return { config, layers, capabilities };
      } finally {
        listen('once', end);
      }
    },
  });
  return ExitCode.passed;
}

function listen(how: 'once' | 'off', end: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process[how](signal, end);
}

/** A positive integer from the command line. */
export function countOf(flag: string, value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= 1_000) return count;
  throw new UsageError(`Cannot use ${flag} ${JSON.stringify(value)}: it must be an integer from 1 to 1000`);
}

function labelsOf(text = ''): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split(',')
      .filter(Boolean)
      .map((label) => {
        const [, name, value] = /^([\w.-]+)=([\w.-]*)$/.exec(label) ?? [];
        if (name !== undefined && value !== undefined) return [name, value];
        throw new UsageError(`Cannot use --labels: ${JSON.stringify(label)} is not of the form name=value`);
      }),
  );
}

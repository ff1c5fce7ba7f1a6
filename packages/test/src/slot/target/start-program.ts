import type { ExternalTarget, SlotContext } from '@chaos/spec';
import { endpointOf } from '../endpoint.js';
import type { LinksProtocol } from '../links-slot.js';
import { siblingOf } from '../slot-client.js';
import { attachTarget, type AttachOptions, type ProgramProcess } from './external/attach-target.js';
import { portPurpose, programOf } from './programs.js';
import { targetSettings } from './target-settings.js';

const PROBE_MS = 2000;

/**
 * Starts a program under test, or attaches to one that runs elsewhere; resolves when it is ready.
 *
 * @param log gets each line of the output of one that is started
 * @throws EnvironmentError where it does not get ready
 */
export async function startProgram(
  context: SlotContext,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<ProgramProcess> {
  const { config, journal, name } = context;
  const { ready, external } = programOf(config, name).settings;
  const links = siblingOf<LinksProtocol>(context, 'links');
  if (external) {
    const timeoutMs = Math.round(ready.timeoutMs * config.deadlineFactor);
    const probe = await probeOf(external, 'path' in ready ? ready.path : undefined);
    const at = endpointOf(external.url, { 'http:': 80, 'https:': 443 }).port;
    const onReadyAgain = async (until: AbortSignal): Promise<void> =>
      void (await links.call('runs', [name, at, null], until));
    return attachTarget({ title: name, external, probe, timeoutMs, journal, onReadyAgain, signal });
  }
  const port = await context.takePort(portPurpose(name));
  const { startTarget } = await import('@chaos/services/target');
  return startTarget({
    ...(await targetSettings(context, port)),
    ...(name !== 'target' && { title: name }),
    port,
    journal,
    log,
    onProcess: async (pid) => void (await links.call('runs', [name, port, pid ?? null], signal)),
    signal,
  });
}

async function probeOf({ url }: ExternalTarget, path: string | undefined): Promise<AttachOptions['probe']> {
  const { probeHttp, probePort } = await import('@chaos/services/target');
  if (path !== undefined) return (signal) => probeHttp(url + path, PROBE_MS, signal);
  return (signal) => probePort(endpointOf(url, { 'http:': 80, 'https:': 443 }), signal);
}

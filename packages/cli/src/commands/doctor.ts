import { ExitCode } from '@chaos/spec';
import type { CliContext } from '../context.js';
import type { Check } from '../doctor/check.js';
import { checkFolders } from '../doctor/folders.js';
import { checkLeftovers } from '../doctor/leftovers.js';
import { checkLoopback, checkOpenFiles, checkProcesses } from '../doctor/machine.js';
import { checkNetwork } from '../doctor/network.js';
import { checkNodeVersion } from '../doctor/node-version.js';
import { checkPorts } from '../doctor/ports.js';
import { checkResources } from '../doctor/resources.js';
import { checkServices } from '../doctor/services.js';
import { checkTargets } from '../doctor/target.js';
import type { ConfigFlags } from '../flags.js';
import { resolveSettings } from '../settings/resolve-settings.js';
import { print } from '../output/print.js';
import { printJson } from '../output/print-json.js';
import { table } from '../output/table.js';

/** `chaos doctor`. Exit code 3 if a run would be impossible. */
export async function doctor(flags: ConfigFlags & { readonly json?: boolean }, context: CliContext): Promise<ExitCode> {
  const config = await resolveSettings(flags, {}, context);
  const { detectCapabilities, detectNamespace } = await import('@chaos/env');
  const { PATH } = context.env;
  const [capabilities, namespace] = await Promise.all([
    detectCapabilities(),
    detectNamespace({ signal: AbortSignal.timeout(10_000) }),
  ]);
  const checks: readonly Check[] = [
    checkNodeVersion(),
    await checkOpenFiles(),
    await checkProcesses(),
    await checkLoopback(),
    ...(await checkFolders(config, context)),
    await checkPorts(config.runner.workers),
    ...(await checkServices(config, PATH)),
    ...checkNetwork(config, namespace, capabilities, PATH),
    ...checkResources(capabilities),
    ...(await checkTargets(config, PATH)),
    await checkLeftovers(),
  ];
  const good = checks.every(({ status }) => status !== 'fail');
  if (flags.json === true) printJson(context, { ok: good, checks });
  else
    print(
      context,
      table(
        checks.flatMap(({ name, status, detail, fix }) => [
          [status, name, detail.split('\n')[0] ?? ''],
          ...(fix === undefined ? [] : [['', '', `→ ${fix}`]]),
        ]),
      ),
    );
  return good ? ExitCode.passed : ExitCode.environment;
}

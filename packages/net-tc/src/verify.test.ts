import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLaboratory, type Laboratory } from './agent.test.helpers.js';
import { probeCapabilities } from './apply/probe-capabilities.js';
import { openShaper } from './apply/shaper.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';
import { verify } from './verify/verify.js';

const PORT = 9100;
const { netem, nft } = await probeCapabilities();
let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
  await lab.serve({ port: PORT });
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

const FAULTS: readonly (readonly [string, NetworkFault, boolean])[] = [
  ['loss', { match: { destinationPorts: [PORT] }, loss: { lossRatio: 0.5 } }, true],
  ['silence', { match: portMatches([PORT], 'tcp'), partition: 'drop' }, true],
  ['reset', { match: portMatches([PORT], 'tcp'), partition: 'reset' }, nft.available],
  ['delay', { match: portMatches([PORT], 'tcp'), delay: { delayMs: 60 } }, netem.available],
];

test.each(FAULTS.filter(([, , possible]) => possible))('%s is measured to be on, and off again', async (_name, fault) => {
  const { executor } = lab;
  const target = { port: PORT, executor } as const;
  const baseline = await verify({ faults: [], ...target });
  await using shaper = await openShaper({ device: 'lo', executor });
  const active = await shaper.add(fault);
  await verify({ faults: [fault], baseline, ...target });
  await expect(verify({ faults: [], baseline, ...target })).rejects.toMatchObject({ code: 'FAULT_NOT_AS_PLANNED' });
  await active.heal();
  await verify({ faults: [], baseline, ...target });
  await expect(verify({ faults: [fault], baseline, ...target })).rejects.toMatchObject({ code: 'FAULT_NOT_AS_PLANNED', message: expect.stringMatching(/should be .*, is /) as string });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrokenLaboratory, type BrokenLaboratory } from './agent.test.helpers.js';
import { probeCapabilities } from './kernel/probe-capabilities.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';
import { verify } from './verify/verify.js';

const PORT = 9100;
const here = await probeCapabilities();
const canLose = here.nft.available || here.netem.available;
let lab: BrokenLaboratory;
beforeAll(async () => {
  lab = await openBrokenLaboratory();
  await lab.serve({ port: PORT });
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

test.skipIf(!canLose)('handshakes show a loss to be on, and off again', async () => {
  const fault = { match: { destinationPorts: [PORT] }, loss: { lossRatio: 0.5 } };
  const target = { port: PORT, executor: lab.executor, count: 60, timeoutMs: 1200 } as const;
  const baseline = await verify({ faults: [], ...target });
  await using active = await lab.shaper.add(fault);
  await verify({ faults: [fault], baseline, ...target });
  await expect(verify({ faults: [], baseline, ...target })).rejects.toMatchObject({ code: 'FAULT_NOT_AS_PLANNED' });
  await active.heal();
  await verify({ faults: [], baseline, ...target });
  await expect(verify({ faults: [fault], baseline, ...target })).rejects.toMatchObject({
    code: 'FAULT_NOT_AS_PLANNED',
    message: expect.stringMatching(/should be .*, is /) as string,
  });
});

const match = portMatches([PORT], 'tcp');
// Each fault comes with another one that differs from it by more than the tolerance.
const FAULTS: readonly (readonly [name: string, fault: NetworkFault, other: NetworkFault, possible: boolean])[] = [
  ['loss', { match, loss: { lossRatio: 0.3 } }, { match, loss: { lossRatio: 0.05 } }, canLose],
  ['a small loss', { match, loss: { lossRatio: 0.002 } }, { match, loss: { lossRatio: 0.004 } }, canLose],
  [
    'silence one way',
    { match: { sourcePorts: [PORT] }, partition: 'drop' },
    { match, loss: { lossRatio: 0.5 } },
    canLose,
  ],
  ['reset', { match, partition: 'reset' }, { match, loss: { lossRatio: 0.5 } }, here.nft.available],
  ['rate', { match, rate: { rateBitsPerSecond: 1_000_000 } }, { match, rate: { rateBitsPerSecond: 2_000_000 } }, true],
  [
    'rate by tbf',
    { match, rate: { rateBitsPerSecond: 1_000_000, by: 'tbf' } },
    { match, rate: { rateBitsPerSecond: 900_000, by: 'tbf' } },
    here.tbf.available,
  ],
  // Far apart: a busy guest is some 40 ms late itself.
  ['delay', { match, delay: { delayMs: 60 } }, { match, delay: { delayMs: 400 } }, here.netem.available],
  [
    'jitter',
    { match, delay: { delayMs: 60, jitterMs: 5, distribution: 'normal' } },
    { match, delay: { delayMs: 30, jitterMs: 5 } },
    here.netem.available,
  ],
  [
    'bursts',
    { match, loss: { model: 'gilbert-elliott', toBad: 0.2, toGood: 0.3 } },
    { match, loss: { lossRatio: 0.01 } },
    here.netem.available,
  ],
  [
    'states',
    { match, loss: { model: 'state', p13: 0.3, p31: 0.4, p32: 0.1, p23: 0.5, p14: 0.05 } },
    { match, loss: { model: 'state', p13: 0.01, p31: 0.5 } },
    here.netem.available,
  ],
  ['duplicates', { match, duplicate: { ratio: 0.1 } }, { match, duplicate: { ratio: 0.2 } }, here.netem.available],
  ['flipped bits', { match, corrupt: { ratio: 0.01 } }, { match, corrupt: { ratio: 0.02 } }, here.netem.available],
];

// A busy guest may need another attempt: "unverified" is neither of the two answers.
async function judged(faults: readonly NetworkFault[]): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    const said = await lab.verified({ faults, port: PORT });
    if (said === null || /not as planned/.test(said) || tries === 5) return said;
  }
}

test.each(FAULTS.filter(([, , , possible]) => possible))(
  '%s is verified on lo, and that nothing is left of it; what is off by more is told',
  async (_name, fault, other) => {
    await using active = await lab.shaper.add(fault);
    expect(await judged([fault])).toBe(null);
    expect(await judged([other])).toMatch(/not as planned/);
    await active.heal();
    expect(await judged([])).toBe(null);
    expect(await judged([fault])).toMatch(/not as planned/);
  },
);

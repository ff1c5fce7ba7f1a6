import { expect, test } from 'vitest';
import { docker, commandThrough, kubectl, networkNamespace, ssh } from './executors/executor.js';
import { portMatches } from './fault/match.js';
import type { NetworkFault } from './fault/network-fault.js';
import { formatPlan, plan, type TcSpec } from './plan/plan.js';
import { ALL_CAPABILITIES, type TcCapabilities } from './plan/tc-capabilities.js';

const commands = (faults: readonly NetworkFault[], device = 'eth0', capabilities?: TcCapabilities): readonly string[] =>
  plan({ device, faults }, capabilities).commands.map(({ argv }) => argv.join(' '));
const netem = (fault: NetworkFault): string =>
  commands([fault])
    .find((line) => line.includes(' netem '))
    ?.split(' netem ')[1] ?? '';
const without = (...names: readonly (keyof TcCapabilities)[]): TcCapabilities => ({
  ...ALL_CAPABILITIES,
  ...Object.fromEntries(
    names.map((name) => [name, { available: false, reason: `no ${name} here`, fix: `get ${name}` }]),
  ),
});
const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
};

test('every effect of netem is told with its units', () => {
  expect(
    netem({ delay: { delayMs: 100, jitterMs: 10, correlation: 0.25, distribution: 'pareto', keepOrder: false } }),
  ).toBe('limit 17500 delay 100000us 10000us 25% distribution pareto');
  expect(netem({ delay: { delayMs: 0.5, jitterMs: 0.1 } })).toBe('limit 10000 delay 500us 100us rate 100gbit');
  expect(netem({ loss: { lossRatio: 0.01, correlation: 0.3, ecn: true } })).toBe('limit 10000 loss random 1% 30% ecn');
  expect(netem({ loss: { model: 'gilbert-elliott', toBad: 0.02, toGood: 0.2, lossInGood: 0.001 } })).toBe(
    'limit 10000 loss gemodel 2% 20% 100% 0.1%',
  );
  expect(netem({ loss: { model: 'state', p13: 0.05, p31: 0.5 } })).toBe('limit 10000 loss state 5% 50% 0% 100% 0%');
  expect(
    netem({
      delay: { delayMs: 10 },
      reorder: { ratio: 0.25, correlation: 0.5, gap: 5 },
      duplicate: { ratio: 0.1, correlation: 0.2 },
      corrupt: { ratio: 0.001, correlation: 0.3 },
    }),
  ).toBe('limit 10000 delay 10000us duplicate 10% 20% reorder 25% 50% gap 5 corrupt 0.1% 30%');
  expect(
    netem({
      rate: { rateBitsPerSecond: 1_000_000, by: 'netem' },
      slot: { minDelayMs: 10, maxDelayMs: 20, packets: 32, bytes: 6000 },
      seed: 7,
    }),
  ).toBe('limit 10000 rate 1000000bit slot 10000us 20000us packets 32 bytes 6000 seed 7');
  expect(netem({ delay: { delayMs: 1, jitterMs: 1, distribution: { table: [-1, 0, 1] } } })).toMatch(
    /distribution (\.\.\/)+\.\.\/tmp\/chaos-[0-9a-f]{16} rate/,
  );
});

test('says what netem makes of a correlation', () => {
  const { notes } = plan({
    device: 'eth0',
    faults: [
      {
        delay: { delayMs: 100, jitterMs: 10, correlation: 0.25 },
        loss: { lossRatio: 0.01, correlation: 0.25 },
        corrupt: { ratio: 0.1 },
      },
    ],
  });
  expect(notes).toEqual([
    expect.stringMatching(/^delay\.correlation hardly shows/),
    expect.stringMatching(/^loss hits fewer packets than 1 %.*gilbert-elliott/),
  ]);
});

test('the queue holds what the rate sends in the longest delay', () => {
  expect(netem({ delay: { delayMs: 1000 } })).toContain('limit 125000');
  expect(netem({ delay: { delayMs: 1000 }, limitPackets: 50 })).toContain('limit 50 ');
});

test('a rate by htb has a burst and a quantum, one by tbf holds the largest packet', () => {
  expect(commands([{ rate: { rateBitsPerSecond: 8_000_000 } }])).toContain(
    'tc class add dev eth0 parent ca05: classid ca05:1 htb rate 8000000bit ceil 8000000bit burst 10000 cburst 10000 quantum 60000',
  );
  expect(commands([{ rate: { rateBitsPerSecond: 32_000 } }]).join()).toContain('burst 3000 cburst 3000 quantum 1514');
  expect(commands([{ rate: { rateBitsPerSecond: 1_000_000, by: 'tbf' } }], 'lo').join()).toContain(
    'tbf rate 1000000bit burst 65600 latency 400ms',
  );
});

test('faults on the same packets are one netem, overlapping ones have a class for both', () => {
  const match = { protocol: 'tcp', destinationPorts: [5432] } as const;
  const one = plan({
    device: 'eth0',
    faults: [
      { match, delay: { delayMs: 10 } },
      { match, loss: { lossRatio: 0.1 } },
      { match, loss: { lossRatio: 0.1 } },
      { match, delay: { delayMs: 5, jitterMs: 2 } },
    ],
  });
  expect(one.layout.egress.classes.map(({ shape }) => [shape.netem?.delay?.delayMs, shape.netem?.loss])).toEqual([
    [15, { model: 'random', lossRatio: 0.19, correlation: 0, ecn: false }],
  ]);
  const apart = plan({
    device: 'eth0',
    faults: [
      { match, delay: { delayMs: 10 } },
      { match: { protocol: 'tcp', destinationPorts: [6379] }, delay: { delayMs: 20 } },
    ],
  });
  expect(apart.layout.egress.assignments.map(({ bits }) => bits)).toEqual([1, 2]);
  const overlapping = plan({
    device: 'eth0',
    faults: [{ match, delay: { delayMs: 10 } }, { loss: { lossRatio: 0.5 } }],
  });
  expect(overlapping.layout.egress.assignments.map(({ bits }) => bits)).toEqual([1, 2, 3]);
});

test('equal faults on both directions of a connection share a class, where packets of one do not meet those of the other', () => {
  const ways = (effects: NetworkFault): readonly NetworkFault[] => [
    { match: { protocol: 'tcp', destinationPorts: [5432] }, ...effects },
    { match: { protocol: 'tcp', sourcePorts: [5432] }, ...effects },
  ];
  expect(plan({ device: 'lo', faults: ways({ duplicate: { ratio: 0.1 } }) }).layout.egress.assignments).toEqual([
    { bits: 1, classMinor: 1 },
    { bits: 2, classMinor: 1 },
  ]);
  expect(plan({ device: 'lo', faults: ways({ rate: { rateBitsPerSecond: 1000 } }) }).layout.egress.assignments).toEqual(
    [
      { bits: 1, classMinor: 1 },
      { bits: 2, classMinor: 2 },
    ],
  );
});

test('what cannot be combined is refused', () => {
  const jitter: NetworkFault = { delay: { delayMs: 10, jitterMs: 1 } };
  expect(code(() => plan({ device: 'eth0', faults: [jitter, jitter] }))).toBe('FAULT_CONFLICT');
  expect(
    code(() =>
      plan({ device: 'eth0', faults: [{ loss: { lossRatio: 0.1 } }, { loss: { model: 'state', p13: 0.1 } }] }),
    ),
  ).toBe('FAULT_CONFLICT');
  const many = Array.from({ length: 9 }, (_, port): NetworkFault => ({
    match: { destinationPorts: [port] },
    delay: { delayMs: 1 },
  }));
  expect(code(() => plan({ device: 'eth0', faults: many }))).toBe('FAULT_CONFLICT');
});

test('without nft and netem it says that plain loss and partitions need nft alone', () => {
  const neither = without('netem', 'nft');
  const refused = (fault: Omit<NetworkFault, 'match'>): unknown => {
    try {
      return plan({ device: 'lo', faults: [{ match: {}, ...fault }] }, neither);
    } catch (error) {
      return error;
    }
  };
  for (const [fault, what] of [
    [{ loss: { lossRatio: 0.1 } }, 'random loss'],
    [{ partition: 'drop' }, 'partition: drop'],
  ] as const)
    expect(refused(fault)).toMatchObject({
      code: 'CAPABILITY_MISSING',
      message: `Cannot use nft: ${what} needs it, and no nft here`,
      hint: 'get nft',
    });
  // netem still handles losses that nft cannot make.
  expect(refused({ loss: { lossRatio: 0.1, correlation: 0.5 } })).toMatchObject({ data: { capability: 'netem' } });
});

test('without netem plain loss is made by nft, and the rest says what is missing and what to use', () => {
  const { notes, commands: steps } = plan(
    { device: 'lo', faults: [{ match: { destinationPorts: [1] }, loss: { lossRatio: 0.1 } }] },
    without('netem'),
  );
  expect(notes).toEqual(["loss by nft's random numbers: no netem here"]);
  expect(steps.map(({ argv }) => argv[0])).toEqual(['nft']);
  expect(steps[0]?.stdin).toContain('numgen random mod 1000000 < 100000 drop');
  for (const fault of [
    { delay: { delayMs: 1 } },
    { duplicate: { ratio: 0.1 } },
    { loss: { lossRatio: 0.1, correlation: 0.1 } },
    { rate: { rateBitsPerSecond: 1000, by: 'netem' } },
  ] as const)
    expect(code(() => plan({ device: 'lo', faults: [fault] }, without('netem')))).toBe('CAPABILITY_MISSING');
  expect(() => plan({ device: 'lo', faults: [{ delay: { delayMs: 1 } }] }, without('netem'))).toThrow(
    expect.objectContaining({ hint: expect.stringMatching(/get netem.*network\.backend: proxy/) }),
  );
  expect(plan({ device: 'lo', faults: [{ delay: { delayMs: 1 }, seed: 1 }] }, without('netem-seed')).notes[0]).toMatch(
    /not repeatable/,
  );
});

test('without nft filters choose the packets, from the most special to the most general', () => {
  const lines = commands(
    [
      { match: portMatches([{ from: 8000, to: 8191 }], 'tcp'), delay: { delayMs: 1 } },
      { match: { destinationHosts: ['10.0.0.1'] }, partition: 'drop' },
    ],
    'eth0',
    without('nft'),
  );
  expect(lines.some((line) => line.startsWith('nft'))).toBe(false);
  const filters = lines.filter((line) => line.startsWith('tc filter'));
  expect(filters[0]).toBe(
    'tc filter add dev eth0 parent ca05: protocol ip pref 22053 u32 match ip protocol 6 0xff match u8 0x45 0xff at 0 match ip dport 8000 0xffc0 match ip dst 10.0.0.1 flowid ca05:3',
  );
  expect(filters.at(-1)).toBe(
    'tc filter add dev eth0 parent ca05: protocol ip pref 22065 u32 match ip dst 10.0.0.1 flowid ca05:2',
  );
  const excluding = commands(
    [
      {
        match: { destinationPorts: [80, 443] },
        exclude: { protocol: 'udp', destinationPorts: [443] },
        delay: { delayMs: 1 },
      },
    ],
    'eth0',
    without('nft'),
  ).filter((line) => line.includes('protocol ip pref'));
  expect(excluding.map((line) => line.replace(/^.* u32 /, ''))).toEqual([
    'match ip protocol 17 0xff match u8 0x45 0xff at 0 match ip dport 443 0xffff flowid ca05:',
    'match ip protocol 6 0xff match u8 0x45 0xff at 0 match ip dport 80 0xffff flowid ca05:1',
    'match ip protocol 6 0xff match u8 0x45 0xff at 0 match ip dport 443 0xffff flowid ca05:1',
    'match ip protocol 17 0xff match u8 0x45 0xff at 0 match ip dport 80 0xffff flowid ca05:1',
    'match ip protocol 17 0xff match u8 0x45 0xff at 0 match ip dport 443 0xffff flowid ca05:1',
  ]);
  expect(code(() => plan({ device: 'eth0', faults: [{ partition: 'reset' }] }, without('nft')))).toBe(
    'CAPABILITY_MISSING',
  );
});

test('a blackhole is a routing rule for each family', () => {
  expect(commands([{ match: { protocol: 'tcp', destinationPorts: [5432] }, partition: 'blackhole' }])).toEqual([
    'ip -4 rule add pref 20005 ipproto tcp dport 5432-5432 blackhole',
    'ip -6 rule add pref 20005 ipproto tcp dport 5432-5432 blackhole',
  ]);
  expect(() => plan({ device: 'lo', faults: [{ partition: 'blackhole' }] })).toThrow(TypeError);
});

test('hosts are normalised, and wrong values are refused with the value', () => {
  const text = plan({
    device: 'eth0',
    faults: [
      { match: { destinationHosts: ['10.1.2.3/8', '10.9.9.9', '::FFFF:1', '2001:db8::1/32'] }, partition: 'drop' },
    ],
  }).commands[0]?.stdin;
  expect(text).toContain('ip daddr 10.0.0.0/8 goto');
  expect(text).toContain('ip6 daddr { ::ffff:1, 2001:db8::/32 } goto');
  const wrong: readonly [Partial<TcSpec> | NetworkFault, string][] = [
    [{ loss: { lossRatio: 10 } }, '10'],
    [{ delay: { delayMs: -1 } }, '-1'],
    [{ match: { destinationPorts: [70_000] }, partition: 'drop' }, '70000'],
    [{ match: { destinationHosts: ['db; reboot'] }, partition: 'drop' }, '"db; reboot"'],
    [{ match: { destinationHosts: ['::1'], sourceHosts: ['127.0.0.1'] }, partition: 'drop' }, 'families differ'],
    [{ reorder: { ratio: 0.5 } }, 'needs a delay'],
    [{}, 'no effect'],
  ];
  for (const [fault, value] of wrong)
    expect(() => plan({ device: 'eth0', faults: [fault as NetworkFault] })).toThrow(value);
  for (const device of ['', '-all', 'eth0; reboot', 'lo\n', 'x'.repeat(16), 'a"b', '$(id)'])
    expect(() => plan({ device, faults: [] })).toThrow(RangeError);
});

test('a plan prints as a script with its undo', () => {
  const text = formatPlan(
    plan({
      device: 'eth0',
      faults: [{ match: { protocol: 'tcp', destinationPorts: [5432] }, delay: { delayMs: 50 } }],
    }),
  );
  expect(text).toContain("nft -f - <<'END'\nadd table inet chaos_eth0_");
  expect(text).toMatch(/# undo\nnft delete table inet chaos_eth0_\w+\ntc qdisc del dev eth0 root\n$/);
});

test('names cannot become options, other commands, or words for a shell', () => {
  expect(commandThrough(docker('db-1'), ['tc', 'qdisc'])).toEqual([
    'docker',
    'exec',
    '--interactive',
    'db-1',
    'tc',
    'qdisc',
  ]);
  expect(commandThrough(kubectl('db-0', { namespace: 'prod', container: 'pg' }), ['nft', '-i'])).toEqual([
    'kubectl',
    'exec',
    '--stdin',
    '--namespace=prod',
    '--container=pg',
    'db-0',
    '--',
    'nft',
    '-i',
  ]);
  const [program, ...words] = commandThrough(ssh('user@host'), ['tc', "a b; reboot $(id) '"]);
  expect([program, ...words]).toEqual([
    'ssh',
    '-o',
    'BatchMode=yes',
    '--',
    'user@host',
    `tc 'a b; reboot $(id) '\\'''`,
  ]);
  for (const name of ['-oProxyCommand=id', '', 'a b', 'x\ny']) expect(() => ssh(name)).toThrow(RangeError);
  for (const name of ['--privileged', '', 'a b', 'a;b', '$(id)'])
    for (const make of [docker, kubectl, networkNamespace]) expect(() => make(name)).toThrow(RangeError);
  expect(() => kubectl('pod', { container: '--help' })).toThrow(RangeError);
});

// `pnpm bench fleet [--rounds=5] [--seeds=100] [--only=overhead,many,imbalance,chaos,simulated]`: the rows of the
// fleet, with real stores and agents as processes on this machine. Prints a table; fails where a bar is missed.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createProject, start, timed } from './project.mjs';
import { startStore } from './store.mjs';

const option = (name, otherwise) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const rounds = Number(option('rounds', '5'));
const only = option('only', 'overhead,many,imbalance,chaos,simulated').split(',');
const root = join(import.meta.dirname, '../../..');
const reporter = ['--reporter', './reporter.mjs', '--retries', '0'];

const header = "import { test } from '@chaos/test';\n";
const files = (count, text) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.chaos.ts`, header + text(index)]));
const waiting = (index, ms) => `test('t${index}', () => new Promise((resolve) => setTimeout(resolve, ${ms})));\n`;

async function withAgents(count, project, measure) {
  const store = await startStore('redis');
  const agents = Array.from({ length: count }, (_, index) =>
    start(project, ['agent', '--name', `a${index}`], { CHAOS_FLEET: store.url }),
  );
  try {
    return await measure(['run', '--fleet', store.url, ...reporter]);
  } finally {
    for (const { child } of agents) child.kill('SIGTERM');
    await Promise.all(agents.map(({ exited }) => exited));
    await store[Symbol.asyncDispose]();
  }
}

// Median, and the 95 % interval of the mean by Student's t.
function judge(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  const t = [NaN, NaN, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26][values.length] ?? 2.1;
  return { median: sorted[Math.floor(sorted.length / 2)], upper: mean + (t * deviation) / Math.sqrt(values.length) };
}

const rows = {
  async overhead() {
    const project = createProject(
      files(32, (file) => [0, 1, 2, 3].map((test) => waiting(test, 50 + (((file * 4 + test) * 37) % 200))).join('')),
    );
    const ratios = await withAgents(2, project, async (args) => {
      await timed(project, ['run', '--workers', '2', ...reporter]);
      await timed(project, args);
      const measured = [];
      for (let round = 0; round < rounds; round++) {
        const pair = round % 2 === 0 ? ['here', 'fleet'] : ['fleet', 'here'];
        const ms = {};
        for (const where of pair)
          ms[where] = await timed(project, where === 'fleet' ? args : ['run', '--workers', '2', ...reporter]);
        measured.push(100 * (ms.fleet / ms.here - 1));
      }
      return measured;
    });
    const { median, upper } = judge(ratios);
    return {
      measured: `median ${median.toFixed(1)} %, up to ${upper.toFixed(1)} %, of ${rounds} pairs`,
      bar: 'median ≤ 8 %, ≤ 12 %',
      met: median <= 8 && upper <= 12,
    };
  },
  async many() {
    const project = createProject(
      files(50, () => Array.from({ length: 100 }, (_, index) => `test('t${index}', () => {});\n`).join('')),
    );
    const here = await timed(project, ['run', '--workers', '1', ...reporter]);
    const fleet = await withAgents(4, project, (args) => timed(project, args));
    const [ratio, peakMb] = [fleet / here, project.peakMb()];
    return {
      measured: `${ratio.toFixed(2)} × (${(fleet / 1000).toFixed(1)} s, here ${(here / 1000).toFixed(1)} s), coordinator ${peakMb.toFixed(0)} MB`,
      bar: '≤ 2.2 ×, ≤ 200 MB',
      met: ratio <= 2.2 && peakMb <= 200,
    };
  },
  async imbalance() {
    const durations = Array.from({ length: 80 }, (_, index) => 40 * (1 + ((index * 29) % 50)));
    const project = createProject(files(80, (file) => waiting(0, durations[file])));
    const idle = await withAgents(4, project, async (args) => {
      await timed(project, args);
      await timed(project, args);
      return idleOf(project.ends());
    });
    const shards = [0, 1, 2, 3].map((shard) =>
      durations.slice(shard * 20, shard * 20 + 20).reduce((sum, ms) => sum + ms, 0),
    );
    const longest = Math.max(...shards);
    const ofShards = 100 * (1 - Math.min(...shards) / longest);
    return { measured: `${idle.toFixed(1)} %; static shards ${ofShards.toFixed(1)} %`, bar: '≤ 10 %', met: idle <= 10 };
  },
  async chaos() {
    const { status } = spawnSync('npx', ['vitest', 'run', '--root', 'tests', 'fleet-chaos.spec.ts'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, FLEET_SEEDS: option('seeds', '100') },
    });
    return {
      measured: `${option('seeds', '100')} seeded runs: ${status === 0 ? 'each test one verdict, nothing left' : 'see above'}`,
      bar: 'none lost, none twice, 0 leftovers',
      met: status === 0,
    };
  },
  async simulated() {
    const told = [];
    let met = true;
    for (const kind of ['redis', 'postgres']) {
      const { stdout, stderr } = spawnSync(process.execPath, ['simulate.mjs', kind, option('tests', '100000')], {
        cwd: import.meta.dirname,
        encoding: 'utf8',
      });
      if (stdout === '') throw new Error(stderr);
      const { testsPerSecond, memoryMb } = JSON.parse(stdout);
      told.push(`${kind} ${testsPerSecond.toFixed(0)} tests/s, memory ${memoryMb.join(' ')} MB`);
      met &&= testsPerSecond >= 5_000;
    }
    return { measured: told.join('; '), bar: '≥ 5,000 tests/s', met };
  },
};

// Share of the run, from the first start to the last end, that the agent that ended first was idle at the end.
function idleOf(ends) {
  const lastOf = new Map();
  for (const { host, startMs, durationMs } of ends)
    lastOf.set(host, Math.max(lastOf.get(host) ?? 0, startMs + durationMs));
  const first = Math.min(...ends.map(({ startMs }) => startMs));
  const last = Math.max(...lastOf.values());
  return (100 * (last - Math.min(...lastOf.values()))) / (last - first);
}

console.log(
  `${availableParallelism()} × ${cpus()[0]?.model}, Node ${process.version}, load average ${loadavg()[0].toFixed(1)}\n`,
);
console.log('| row | measured | bar | | load |\n|---|---|---|---|---|');
for (const name of only) {
  const load = loadavg()[0].toFixed(1);
  const { measured, bar, met } = await rows[name]();
  console.log(`| ${name} | ${measured} | ${bar} | ${met ? 'met' : 'missed'} | ${load} |`);
  if (!met) process.exitCode = 1;
}

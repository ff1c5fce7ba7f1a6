import { cpuSeconds, forgetPeak, peakMb, residentMb, start } from './processes.mjs';
import { BARE, CHAOS, DIRECT, HAPROXY, LIBRARY } from './rig.mjs';

const GIB = 1024 ** 3;
const IDLE = 8000;

const each = async ({ ports, pids }, run) => {
  const results = {};
  for (const [name, port] of Object.entries(ports)) {
    const before = pids[name] === undefined ? 0 : cpuSeconds(pids[name]);
    results[name] = { ...(await run(port)), ...(pids[name] !== undefined && { cpu: cpuSeconds(pids[name]) - before }) };
  }
  return results;
};

const ratio = (samples, pick, of = CHAOS) =>
  median(samples.map((sample) => pick(sample[of], sample) / pick(sample[HAPROXY], sample)));
/** Ratios to HAProxy of bare Node, and of our library inside another program's process. */
const beside = (samples, pick) =>
  `bare Node ${ratio(samples, pick, BARE).toFixed(2)}, library ${ratio(samples, pick, LIBRARY).toFixed(2)}`;
const bar = (what, value, met) => ({ text: `${what} ${value}`, met });

/**
 * Each row measures everything it compares in every round, or once, and says what came out and whether its bars are
 * met.
 */
export const ROWS = [
  {
    name: 'throughput, 1 connection',
    run: (rig, { quick }) =>
      each(rig, (port) => rig.client.ask({ kind: 'throughput', port, bytes: (quick ? 0.5 : 2) * GIB })),
    judge(samples) {
      const times = ratio(samples, (one) => one.mbPerSecond);
      return {
        figures: figures(
          samples,
          (one) =>
            `${Math.round(one.mbPerSecond)} MB/s${one.cpu === undefined ? '' : ` (cpu ${one.cpu.toFixed(2)} s)`}`,
          (one) => one.mbPerSecond,
        ),
        bars: [
          bar(
            `${times.toFixed(2)} × haproxy (cpu ${ratio(samples, (one) => one.cpu).toFixed(2)}; ${beside(samples, (one) => one.mbPerSecond)}),`,
            '≥ 1',
            times >= 1,
          ),
        ],
      };
    },
  },
  {
    name: 'round trip of 64 bytes, 100 of each in turn',
    async run(rig, { quick }) {
      const { us } = await rig.client.ask({
        kind: 'roundTrips',
        ports: Object.values(rig.ports),
        count: quick ? 3000 : 20_000,
      });
      return Object.fromEntries(Object.keys(rig.ports).map((name, index) => [name, us[index]]));
    },
    judge(samples) {
      const more = (quantile) => (one, sample) => one[quantile] - sample[DIRECT][quantile];
      const added = (quantile) => ratio(samples, more(quantile));
      const whole = (quantile) => ratio(samples, (one) => one[quantile]);
      return {
        figures: figures(
          samples,
          (one) => `p50 ${Math.round(one.p50)} µs, p99 ${Math.round(one.p99)} µs`,
          (one) => one.p50,
        ),
        bars: ['p50', 'p99'].map((quantile) =>
          bar(
            `${quantile} added ${added(quantile).toFixed(2)} × haproxy's (whole ${whole(quantile).toFixed(2)}; ${beside(samples, more(quantile))}),`,
            '≤ 1.1',
            added(quantile) <= 1.1,
          ),
        ),
      };
    },
  },
  {
    name: 'connections per second, 64 at a time',
    run: (rig, { quick }) =>
      each(rig, (port) => rig.client.ask({ kind: 'connects', port, durationMs: quick ? 1000 : 3000, concurrency: 64 })),
    judge(samples) {
      const [times, perSecond] = [
        ratio(samples, (one) => one.perSecond),
        median(samples.map((sample) => sample[CHAOS].perSecond)),
      ];
      return {
        figures: figures(
          samples,
          (one) => `${Math.round(one.perSecond)} /s${one.cpu === undefined ? '' : ` (cpu ${one.cpu.toFixed(2)} s)`}`,
          (one) => one.perSecond,
        ),
        bars: [
          bar(`${Math.round(perSecond)} /s,`, '≥ 3,000', perSecond >= 3000),
          bar(`${times.toFixed(2)} × haproxy,`, '≥ 0.5', times >= 0.5),
        ],
      };
    },
  },
  ...[1, 5, 50, 500].map((latencyMs) => ({
    name: `latency of ${latencyMs} ms`,
    async run(rig, { quick }) {
      await rig.chaos.ask({ add: latencyMs });
      const { us } = await rig.client.ask({
        kind: 'roundTrips',
        ports: [rig.ports[LIBRARY]],
        count: Math.ceil((quick ? 1500 : 6000) / (latencyMs + 5)),
        warmUp: 3,
      });
      await rig.chaos.ask({ clear: true });
      return { [CHAOS]: us[0] };
    },
    judge(samples) {
      const off = (quantile) => median(samples.map((sample) => sample[CHAOS][quantile] / 1000 - latencyMs));
      const least = Math.min(...samples.map((sample) => sample[CHAOS].min / 1000 - latencyMs));
      return {
        figures: [
          `p50 +${off('p50').toFixed(3)} ms, p99 +${off('p99').toFixed(3)} ms, least +${least.toFixed(3)} ms (round trip less ${latencyMs} ms)`,
        ],
        bars: [
          bar('p50,', '≤ +0.5 ms', off('p50') <= 0.5),
          bar('p99,', '≤ +1.5 ms', off('p99') <= 1.5),
          bar('never below the target', '', least >= 0),
        ],
      };
    },
  })),
  {
    name: `${IDLE.toLocaleString('en')} idle connections`,
    async run(rig) {
      const before = residentMb(rig.chaos.pid);
      const { open, failed } = await rig.client.ask({ kind: 'idle', port: rig.ports[LIBRARY], count: IDLE });
      const { answered } = await rig.client.ask({ kind: 'isAlive' });
      const more = residentMb(rig.chaos.pid) - before;
      await rig.client.ask({ kind: 'letGo' });
      return { [CHAOS]: { more, open, failed, answered } };
    },
    judge(samples) {
      const one = samples[0][CHAOS];
      const more = median(samples.map((sample) => sample[CHAOS].more));
      return {
        figures: [`${Math.round(more)} MB more, ${one.open} open, ${one.answered} answer`],
        bars: [
          bar(`${Math.round(more)} MB,`, '≤ 90 MB', more <= 90),
          bar(`${one.answered} alive`, '', one.answered === IDLE),
        ],
      };
    },
  },
  {
    name: 'at the descriptor limit (256)',
    once: true,
    async run({ upstream }) {
      const chaos = await start('chaos-proxy.mjs', { limit: 256 });
      const client = await start('client.mjs');
      const { port } = await chaos.ask({ open: upstream });
      const { open } = await client.ask({ kind: 'idle', port, count: 200 });
      const { answered } = await client.ask({ kind: 'isAlive' });
      const { failures } = await chaos.ask({ list: true });
      for (const one of [chaos, client]) one.stop();
      return { [CHAOS]: { open, answered, message: failures.DESCRIPTORS_EXHAUSTED } };
    },
    judge(samples) {
      const { open, answered, message = 'nothing was said' } = samples[0][CHAOS];
      return {
        figures: [`200 wanted, ${open} open, ${answered} answer afterwards<br>“${message.replace(/:\d+/g, '')}”`],
        bars: [
          bar('the old ones live on', '', answered === open && open > 50),
          bar('a clear error', '', message.includes('no file descriptor')),
        ],
      };
    },
  },
  {
    name: 'toxics added and removed under traffic, over HTTP',
    once: true,
    async run({ upstream }, { quick }) {
      const chaos = await start('chaos-proxy.mjs');
      const client = await start('toxics-client.mjs');
      const { url } = await chaos.ask({ serve: true });
      const result = await client.ask({ url, upstream, count: quick ? 1000 : 10_000, lines: 4 });
      for (const one of [chaos, client]) one.stop();
      return { [CHAOS]: { ...result, count: quick ? 1000 : 10_000 } };
    },
    judge(samples) {
      const { mb, p50, p99, count } = samples[0][CHAOS];
      const max = Math.max(...samples.map((sample) => sample[CHAOS].max));
      return {
        figures: [
          `${count} toxics, ${Math.round(mb)} MB echoed, call p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms`,
        ],
        bars: [
          bar(
            'no byte lost or reordered',
            '',
            samples.every((sample) => sample[CHAOS].whole),
          ),
          bar(`longest ${max.toFixed(1)} ms,`, '≤ 50 ms', max <= 50),
        ],
      };
    },
  },
  {
    name: 'slow reader, fast writer, 1 GB',
    async run(rig, { quick }) {
      const results = {};
      for (const [name, script] of [
        [CHAOS, 'standalone-proxy.mjs'],
        [LIBRARY, 'chaos-proxy.mjs'],
      ]) {
        const chaos = await start(script);
        const { port } = await chaos.ask({ open: rig.upstream });
        const before = residentMb(chaos.pid);
        forgetPeak(chaos.pid);
        const { mbPerSecond } = await rig.client.ask({
          kind: 'throughput',
          port,
          bytes: quick ? 2e8 : 1e9,
          slow: true,
        });
        results[name] = { more: peakMb(chaos.pid) - before, mbPerSecond };
        chaos.stop();
      }
      return results;
    },
    judge(samples) {
      const most = (name) => Math.max(...samples.map((sample) => sample[name].more));
      const more = Math.max(most(CHAOS), most(LIBRARY));
      return {
        figures: [CHAOS, LIBRARY].map(
          (name) =>
            `${name} at most ${most(name).toFixed(1)} MB more, at ${Math.round(samples[0][name].mbPerSecond)} MB/s`,
        ),
        bars: [bar(`${more.toFixed(1)} MB,`, '≤ 32 MB', more <= 32)],
      };
    },
  },
];

function figures(samples, show, by) {
  return Object.keys(samples[0]).map((name) => {
    const sorted = samples.map((sample) => sample[name]).sort((a, b) => by(a) - by(b));
    return `${name} ${show(sorted[sorted.length >> 1])}`;
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

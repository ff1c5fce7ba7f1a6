import { describe, expect, it } from 'vitest';
import type { History } from '../history.js';
import { LIST_VECTORS, REGISTER_VECTORS } from '../transactions/anomalies.test.fixture.js';
import { checkLinearizability } from '../linearizability/check-linearizability.js';
import { record } from '../record.test.helper.js';
import { checkTransactions } from '../transactions/check-transactions.js';
import { historyOf } from '../transactions/history.test.fixture.js';
import { anomalySvg } from './anomaly-svg.js';
import { explainAnomaly } from './explain-anomaly.js';
import { isolationScript } from './isolation-script.js';
import { minimalHistory } from './minimal-history.js';
import { verdictHtml } from './verdict-html.js';

const skew: History = {
  ...historyOf(['rx ay1', 'ry ax2', 'rx2 ry1 az3', 'rz']),
  faults: [
    { name: 'cut <target>', startNs: 0, endNs: 1e6 },
    { name: 'much later', startNs: 9e9, endNs: Infinity },
  ],
};
const anomaly = checkTransactions(skew).anomalies[0]!;
const VECTORS = [...LIST_VECTORS, ...REGISTER_VECTORS];

describe('explainAnomaly()', () => {
  it('tells what happened, why it cannot be, and which fault was on', () => {
    expect(explainAnomaly(anomaly)).toBe(
      [
        "G2-item, which repeatable-read forbids: write skew: T1 did not see T2's append of 2 to x; yet T2 did not see T1's append of 1 to y",
        '  T1  process 100, +0.000 s to +0.000 s, ok: read x → [], append 1 to y',
        '  T2  process 101, +0.000 s to +0.000 s, ok: read y → [], append 2 to x',
        "  T1 before T2 (rw): T1 did not see T2's append of 2 to x",
        "  T2 before T1 (rw): T2 did not see T1's append of 1 to y",
        '  during cut <target>, +0.000 s to +0.001 s',
      ].join('\n'),
    );
  });
});

describe('anomalySvg() of a long message', () => {
  it('has room for its title, and labels of one clock that do not touch', () => {
    const history = record([
      [0, 'write', 1, 20, 30],
      [1, 'write', 2, 10, 40],
      [1, 'read', 1, 41, 60],
      [2, 'read', 2, 50, 70],
    ]);
    const { anomalies } = checkLinearizability(history, { model: 'register' });
    const svg = anomalySvg(anomalies[0]!);
    const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
    expect(/class="title"[^>]*>([^<]*)</.exec(svg)?.[1]).toBe('stale-read');
    for (const [, line] of svg.matchAll(/<text x="20"[^>]*>([^<]*)</g))
      expect(line!.length * 6.8).toBeLessThan(width - 20);
    const labels = [...svg.matchAll(/x="([\d.]+)" y="\d+" text-anchor="middle">([^<]*)</g)];
    expect(labels.map(([, , text]) => text)).toContain('+0.010 s');
    expect(labels.every(([, , text]) => /^\+0\.0\d\d s$/.test(text!))).toBe(true);
    for (const [at, [, x, text]] of labels.slice(1).entries())
      expect(Number(x) - Number(labels[at]![1])).toBeGreaterThan(text!.length * 6.5);
  });
});

describe('minimalHistory()', () => {
  it('leaves out transactions, steps and elements that do not matter', () => {
    const lost = historyOf(['ax1 aw7', 'rx1 ax2 rz', 'rx1 ax3 ry', 'rx123 rw7', 'az4']);
    const found = checkTransactions(lost).anomalies.find(({ type }) => type === 'lost-update')!;
    expect(minimalHistory(lost, found).operations.map(({ value }) => value)).toEqual([
      [
        ['r', 'x', []],
        ['append', 'x', 2],
      ],
      [
        ['r', 'x', []],
        ['append', 'x', 3],
      ],
    ]);
  });

  it.each(VECTORS)('still shows $what, and no transaction of it can be spared', ({ transactions, types }) => {
    const history = historyOf(transactions);
    for (const found of checkTransactions(history).anomalies) {
      const { operations } = minimalHistory(history, found);
      const shows = (part: typeof operations): boolean =>
        checkTransactions({ operations: part, faults: [] }).anomalies.some(({ type }) => type === found.type);
      expect(types).toContain(found.type);
      expect(shows(operations)).toBe(true);
    }
  });
});

it('of other operations the part is what the anomaly names, and there is no script', () => {
  const operations = [1, 2, 3].map((value, at) => ({
    process: at,
    f: 'write',
    type: 'ok' as const,
    value,
    invoked: at * 2,
    completed: at * 2 + 1,
    invokedNs: at,
    completedNs: at,
  }));
  const lost = {
    type: 'lost-write',
    message: 'a write is lost',
    operations: [operations[0]!, operations[2]!],
    steps: [],
    faults: [],
  };
  expect(minimalHistory({ operations, faults: [] }, lost).operations).toEqual([operations[0], operations[2]]);
  expect(() => isolationScript({ operations, faults: [] }, lost)).toThrow(
    new TypeError('Cannot replay lost-write in psql: current operation is "write", only transactions ("txn") can be'),
  );
});

describe('pictures', () => {
  it('an SVG has every transaction, every reason and the faults, with their text escaped', () => {
    const svg = anomalySvg(anomaly);
    expect(svg.match(/class="box ok"/g)).toHaveLength(2);
    expect(svg.match(/class="arrow s-rw"/g)).toHaveLength(2);
    expect(svg).toContain('cut &lt;target&gt;');
    expect(svg).not.toContain('much later');
    expect(svg).toContain("T1 did not see T2's append of 2 to x");
  });

  it('an SVG has its own colours, in viewers that know no variables too', () => {
    const svg = anomalySvg(anomaly);
    expect(svg).not.toMatch(/var\(|--/);
    const style = /<style>([^]*)<\/style>/.exec(svg)![1]!;
    const [light, dark] = style.split('@media (prefers-color-scheme: dark)');
    for (const rules of [light!, dark!])
      for (const name of new Set([...svg.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' '))))
        if (/^[sf]-|^(?:paper|box|soft|lane|tick|fault|pill)$/.test(name))
          expect(rules).toMatch(new RegExp(`\\.${name} \\{[^}]*(?:fill|stroke):#`));
  });

  it('an SVG has its colours without its style sheet, too', () => {
    const bare = anomalySvg(anomaly).replace(/<style>[^]*<\/style>/, '');
    expect(bare).toMatch(/^<svg fill="#1f2933"/);
    for (const [element, name] of bare.matchAll(/<(rect|line|path)\b[^>]*>/g))
      expect(element).toMatch(name === 'rect' ? /fill="(#|none)/ : name === 'line' ? /stroke="#/ : /(fill|stroke)="#/);
    expect(bare).toMatch(/class="arrow s-rw" fill="none" stroke="#d1293d"/);
    expect(bare).toMatch(/class="fault" fill="#f59e0b" opacity="\.13"/);
  });

  it.each(VECTORS)('draw $what without a number that is none', ({ transactions }) => {
    const history = historyOf(transactions);
    const verdict = checkTransactions(history);
    for (const found of verdict.anomalies) {
      expect(anomalySvg(found)).not.toMatch(/NaN|undefined|Infinity/);
      expect(isolationScript(history, found).text).toContain('-- session 1\nBEGIN ISOLATION LEVEL');
    }
    expect(verdictHtml(history, verdict)).toMatch(/^<!doctype html>[^]*<\/html>$/);
  });
});

import { local, type Executor } from '../executors/executor.js';
import {
  EGRESS_ROOT,
  FILTER_BANKS,
  FILTER_PREF,
  ifbName,
  INGRESS_ROOT,
  MOST_FILTERS,
  tableName,
} from '../plan/commands/handles.js';
import { tryCommand } from '../kernel/run-command.js';
import type { ShownQdisc } from '../restore/shown-qdisc.js';
import { nftText } from './nft-text.js';
import { shownNetem } from './shown-netem.js';
import { rounded, UNLIMITED_BITS_PER_SECOND, type ShownClass, type ShownDevice } from './shown-device.js';

/**
 * Reads the faults on a device back from the kernel. If the plan is in force, the result equals {@link describePlan}.
 */
export async function show(
  device: string,
  {
    executor = local,
    signal = new AbortController().signal,
  }: { readonly executor?: Executor; readonly signal?: AbortSignal } = {},
): Promise<ShownDevice> {
  const text = async (...argv: [string, ...string[]]): Promise<string> =>
    (await tryCommand(executor, { argv }, signal)).stdout;
  const classesOf = async (name: string, root: string): Promise<readonly ShownClass[]> => {
    const [classes, qdiscs] = await Promise.all([
      text('tc', 'class', 'show', 'dev', name),
      text('tc', '-j', 'qdisc', 'show', 'dev', name),
    ]);
    return parseClasses(name, root, classes, qdiscs.trim() === '' ? [] : (JSON.parse(qdiscs) as readonly ShownQdisc[]));
  };
  const filtersOf = async (parent: string): Promise<number> =>
    countFilters(await text('tc', 'filter', 'show', 'dev', device, 'parent', parent));
  const [egress, ingress, table, ...filters] = await Promise.all([
    classesOf(device, EGRESS_ROOT),
    classesOf(ifbName(device), INGRESS_ROOT),
    text('nft', '-j', 'list', 'table', 'inet', tableName(device)),
    filtersOf('ffff:'),
    filtersOf(`${EGRESS_ROOT}:`),
  ]);
  const { rules, inForce } = parseTable(table);
  return {
    classes: [...egress, ...ingress],
    rules,
    filters: filters[0] + filters[1],
    inForce: table.trim() === '' || inForce,
  };
}

function parseClasses(
  device: string,
  root: string,
  text: string,
  qdiscs: readonly ShownQdisc[],
): readonly ShownClass[] {
  const lines = [...text.matchAll(/^class htb (\S+) .*?\brate (\S+)/gm)].filter(([, classId]) =>
    classId?.startsWith(`${root}:`),
  );
  // The kernel lists them in hash order, so sort them.
  const number = ([, classId = '']: RegExpExecArray): number => parseInt(classId.slice(root.length + 1), 16);
  return lines
    .sort((a, b) => number(a) - number(b))
    .map(([, classId = '', rate = '']) => {
      const netem = qdiscs.find(({ kind, parent }) => kind === 'netem' && parent === classId);
      const tbf = qdiscs.find(({ kind, parent }) => kind === 'tbf' && (parent === classId || parent === netem?.handle));
      const limit = tbf ? Number(tbf.options?.['rate']) * 8 : bitsPerSecond(rate);
      return {
        device,
        classId,
        ...(limit < UNLIMITED_BITS_PER_SECOND && { rateBitsPerSecond: rounded(limit, 3) }),
        ...(netem && { netem: shownNetem(netem.options ?? {}) }),
      };
    });
}

function bitsPerSecond(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)([KMGT]?)bit$/.exec(text) ?? [];
  return Number(number) * 1000 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit);
}

function parseTable(text: string): Pick<ShownDevice, 'rules' | 'inForce'> {
  if (text.trim() === '') return { rules: {}, inForce: false };
  const { nftables } = JSON.parse(text) as {
    readonly nftables: readonly {
      readonly rule?: { readonly chain: string; readonly expr: readonly Record<string, unknown>[] };
      readonly set?: { readonly elem?: readonly unknown[] };
    }[];
  };
  const rules: Record<string, string[]> = {};
  for (const { rule } of nftables) if (rule) (rules[rule.chain] ??= []).push(nftText(rule.expr));
  return { rules, inForce: nftables.some(({ set }) => (set?.elem?.length ?? 0) > 0) };
}

function countFilters(text: string): number {
  const prefs = new Set([...text.matchAll(/\bpref (\d+)\b/g)].map(([, pref]) => Number(pref)));
  return [...prefs].filter((pref) => pref >= FILTER_PREF && pref < FILTER_PREF + FILTER_BANKS * MOST_FILTERS).length;
}

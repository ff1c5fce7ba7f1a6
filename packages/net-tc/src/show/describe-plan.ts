import type { ResolvedLoss } from '../fault/resolve-loss.js';
import type { ClassLayout } from '../plan/commands/class-commands.js';
import { EGRESS_ROOT, ifbName, INGRESS_ROOT, minor } from '../plan/commands/handles.js';
import { netemLimit, ORDER_ONLY_BITS_PER_SECOND } from '../plan/commands/netem-arguments.js';
import type { TcPlan } from '../plan/plan.js';
import type { Netem } from '../plan/shape.js';
import { asShown } from './shown-netem.js';
import { rounded, type ShownClass, type ShownDevice } from './shown-device.js';

/** The result that {@link show} returns when this plan is in force. */
export function describePlan({ spec: { device }, layout, commands }: TcPlan): ShownDevice {
  const describe = (name: string, root: string, classes: readonly ClassLayout[]): readonly ShownClass[] =>
    classes.map(({ classMinor, shape: { netem, rate } }) => ({
      device: name,
      classId: `${root}:${minor(classMinor)}`,
      ...(rate && { rateBitsPerSecond: rounded(rate.rateBitsPerSecond, 3) }),
      ...(netem && { netem: describeNetem(netem) }),
    }));
  return {
    classes: [
      ...describe(device, EGRESS_ROOT, layout.egress.classes),
      ...describe(ifbName(device), INGRESS_ROOT, layout.ingress.classes),
    ],
    rules: parseRuleset(commands.find(({ argv }) => argv[0] === 'nft')?.stdin ?? ''),
    filters: commands.filter(({ argv }) => argv[1] === 'filter' && argv[4] === device).length,
    inForce: true,
  };
}

function describeNetem(netem: Netem): Readonly<Record<string, number>> {
  const { delay, loss, duplicate, reorder, corrupt, rate, slot } = netem;
  const orderOnly = delay && delay.jitterMs > 0 && delay.keepOrder ? ORDER_ONLY_BITS_PER_SECOND : 0;
  return asShown({
    limitPackets: netemLimit(netem),
    ...(delay && {
      delayMs: delay.delayMs,
      jitterMs: delay.jitterMs,
      delayCorrelation: delay.jitterMs > 0 ? delay.correlation : 0,
    }),
    ...(loss && describeLoss(loss)),
    ...(duplicate && { duplicateRatio: duplicate.ratio, duplicateCorrelation: duplicate.correlation }),
    ...(reorder && { reorderRatio: reorder.ratio, reorderCorrelation: reorder.correlation }),
    ...(corrupt && { corruptRatio: corrupt.ratio, corruptCorrelation: corrupt.correlation }),
    rateBitsPerSecond: rate?.rateBitsPerSecond ?? orderOnly,
    ...(slot && { slotMinDelayMs: slot.minDelayMs, slotMaxDelayMs: slot.maxDelayMs }),
    ...(loss?.ecn === true && { ecn: 1 }),
  });
}

function describeLoss(loss: ResolvedLoss): Readonly<Record<string, number>> {
  if (loss.model === 'random') return { lossRatio: loss.lossRatio, lossCorrelation: loss.correlation };
  const { model: _model, ecn: _ecn, ...ratios } = loss;
  return ratios;
}

// Our own text, one statement a line: rules are what is neither a set, nor a brace, nor the head of a chain.
function parseRuleset(text: string): ShownDevice['rules'] {
  const rules: Record<string, string[]> = {};
  let chain = '';
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const [, opened] = /^(?:chain|set) (\w+) \{$/.exec(line) ?? [];
    if (opened !== undefined) chain = line.startsWith('chain') ? opened : '';
    else if (line === '}') chain = '';
    else if (chain !== '' && !line.startsWith('type filter hook ')) (rules[chain] ??= []).push(line);
  }
  return rules;
}

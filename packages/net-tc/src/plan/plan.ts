import type { NetworkFault } from '../fault/network-fault.js';
import { resolveFault } from '../fault/resolve-fault.js';
import { formatCommands, type Command } from './commands/command.js';
import { EMPTY_LAYOUT, layoutDevice, type DeviceLayout } from './device-layout.js';
import { resolveSetting, type DeviceOptions } from './device-options.js';
import { BLACKHOLE_PREF, ifbName, tableName } from './commands/handles.js';
import { tableFile } from './commands/table-file.js';
import { ALL_CAPABILITIES, type TcCapabilities } from './tc-capabilities.js';
import { transition } from './transition.js';

/** Faults for one device. */
export interface TcSpec extends DeviceOptions {
  readonly faults: readonly NetworkFault[];
}

/** Commands that apply the faults and undo them, as plain data. */
export interface TcPlan {
  readonly spec: TcSpec;
  readonly capabilities: TcCapabilities;
  readonly layout: DeviceLayout;
  readonly commands: readonly Command[];
  /** Commands that undo the plan on a device that had the kernel's default qdisc. */
  readonly undo: readonly Command[];
  /** Differences between the request and this plan, with reasons. */
  readonly notes: readonly string[];
}

/**
 * Plans faults. Pure: asks the system nothing and changes nothing.
 *
 * @param capabilities capabilities of the place where the plan will be applied; default: everything works
 * @throws RangeError or TypeError for a wrong value, ChaosError `CAPABILITY_MISSING` or `FAULT_CONFLICT`
 */
export function plan(spec: TcSpec, capabilities: TcCapabilities = ALL_CAPABILITIES): TcPlan {
  const setting = resolveSetting(spec, capabilities);
  const layout = layoutDevice(spec.faults.map(resolveFault), setting, EMPTY_LAYOUT, new Set());
  const { prepare, steer } = transition(EMPTY_LAYOUT, layout, setting, { hasIngress: false });
  const tables = [...layout.egress.classes, ...layout.ingress.classes].flatMap(({ shape }) =>
    typeof shape.netem?.delay?.distribution === 'object' ? [tableFile(shape.netem.delay.distribution.table)] : [],
  );
  const write = [...new Map(tables.map((table) => [table.path, table])).values()].map(({ path, text }): Command => ({
    argv: ['tee', path],
    stdin: text,
  }));
  return {
    spec,
    capabilities,
    layout,
    commands: [...write, ...prepare, ...steer],
    undo: undo(setting.device, layout),
    notes: layout.notes,
  };
}

/** The commands of a plan as a script. */
export function formatPlan({ commands, undo, notes }: TcPlan): string {
  return [...notes.map((note) => `# ${note}`), formatCommands(commands), '# undo', formatCommands(undo), ''].join('\n');
}

function undo(device: string, { egress, ingress, drops, blackholes }: DeviceLayout): readonly Command[] {
  const rules = egress.groups.length + drops.egress.length + drops.ingress.length > 0;
  return [
    ...(rules ? [{ argv: ['nft', 'delete', 'table', 'inet', tableName(device)] } as const] : []),
    ...blackholes.map(([family = '-4', ...selector]): Command => ({
      argv: ['ip', family, 'rule', 'del', 'pref', String(BLACKHOLE_PREF), ...selector, 'blackhole'],
    })),
    ...(egress.classes.length > 0 ? [{ argv: ['tc', 'qdisc', 'del', 'dev', device, 'root'] } as const] : []),
    ...(ingress.classes.length > 0
      ? ([
          { argv: ['tc', 'qdisc', 'del', 'dev', device, 'ingress'] },
          { argv: ['ip', 'link', 'del', 'dev', ifbName(device)] },
        ] as const)
      : []),
  ];
}

import { cpus } from 'node:os';
import { join } from 'node:path';
import { detectContainer } from './detect-container.js';
import { detectLimits, type DetectLimitsOptions, type Limits } from './detect-limits.js';
import { readText } from '../read-text.js';

/** Facts about the machine. */
export interface Hardware extends Limits {
  readonly cpuModel: string;
  /** Nominal or current clock; 0 = the machine does not report it. */
  readonly cpuMhz: number;
  /** 0 = unknown. */
  readonly physicalCores: number;
  /** Hypervisor, such as `KVM`; `none` on bare metal. */
  readonly virtualization: string;
  /** `docker`, `podman`, `kubernetes`, `lxc`…, or `none`. */
  readonly container: string;
}

/**
 * {@link detectLimits} plus the slow facts (CPU model, virtualization) from systeminformation, which starts processes
 * and takes about 50 ms. Code on the path to the first test uses {@link detectLimits} alone.
 */
export async function detectHardware(options: DetectLimitsOptions = {}): Promise<Hardware> {
  const root = options.root ?? '/';
  const { cpu, system } = await import('systeminformation').then((module) => module.default);
  const [processor, board] = await Promise.all([cpu(), system()]);
  const [first] = cpus();
  const cpuinfo = readText(join(root, 'proc/cpuinfo')) ?? '';
  return {
    ...detectLimits(options),
    // systeminformation removes the vendor from the brand, and has no clock if lscpu shows none (most VMs).
    cpuModel: first?.model.trim() || `${processor.manufacturer} ${processor.brand}`.trim(),
    cpuMhz: first?.speed || clock(cpuinfo) || Math.round(processor.speed * 1000),
    physicalCores: processor.physicalCores,
    virtualization: virtualization(cpuinfo, board.virtual ? (board.virtualHost ?? '') : ''),
    container: detectContainer(root, process.env),
  };
}

function clock(cpuinfo: string): number {
  return Math.round(Number(/^cpu MHz\s*:\s*([\d.]+)$/m.exec(cpuinfo)?.[1] ?? 0));
}

// Every hypervisor sets the CPU flag, also those that systeminformation cannot name.
function virtualization(cpuinfo: string, told: string): string {
  if (told !== '') return told;
  return / hypervisor( |$)/m.test(cpuinfo) ? 'unknown hypervisor' : 'none';
}

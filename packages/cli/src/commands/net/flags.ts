import type { Command } from 'commander';

/** Faults and packets to affect, as commander names the flags. */
export interface NetFaultFlags {
  readonly profile?: string;
  readonly delay?: string;
  readonly jitter?: string;
  readonly distribution?: string;
  readonly loss?: string;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly corrupt?: string;
  readonly rate?: string;
  readonly partition?: string;
  readonly port?: readonly string[];
  readonly host?: readonly string[];
  readonly excludePort?: readonly string[];
  readonly protocol?: string;
  readonly direction?: string;
  readonly device?: string;
  readonly dryRun?: boolean;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Adds the flags that describe a fault. */
export function faultFlags(command: Command): Command {
  return command
    .option(
      '--profile <name>',
      'a kind of connection: 3g, 4g, 5g, edge, gprs, dsl, cable, satellite, starlink, lossy-wifi, same-region, cross-region, cross-continent',
    )
    .option('--delay <time>', 'hold each packet back: 100ms')
    .option('--jitter <time>', 'let the delay vary by this')
    .option('--distribution <law>', 'how it varies: uniform, normal, pareto, paretonormal, experimental')
    .option('--loss <share>', 'lose packets: 1%')
    .option('--duplicate <share>', 'send packets twice')
    .option('--reorder <share>', 'let packets overtake the delayed ones')
    .option('--corrupt <share>', 'flip a bit')
    .option('--rate <rate>', 'limit the throughput: 1mbit')
    .option('--partition <how>', 'let nothing through: drop, reset, icmp, blackhole')
    .option('--port <ports>', 'only to and from these: 5432, 8000-8100; several times', collect)
    .option('--host <cidr>', 'only to and from these addresses; several times', collect)
    .option('--exclude-port <ports>', 'not to or from these', collect)
    .option('--protocol <name>', 'only tcp or udp')
    .option('--direction <way>', 'egress (what leaves the device, the default), ingress (what arrives) or both')
    .option('--dry-run', 'print the commands and their undo, and do nothing');
}

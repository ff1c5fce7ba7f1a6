import { readFileSync } from 'node:fs';

/**
 * Counters of this network namespace's TCP (proc_net_snmp, RFC 4022): the kernel's own evidence of what happened to
 * packets.
 */
export type TcpCounter = 'RetransSegs' | 'InCsumErrors' | 'TCPDSACKRecv' | 'TCPOFOQueue';

/** Value counted by the kernel since the namespace was created. */
export function tcpCounter(name: TcpCounter): number {
  for (const file of ['snmp', 'netstat']) {
    const lines = readFileSync(`/proc/self/net/${file}`, 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      const column = line.startsWith('Tcp') ? line.split(' ').indexOf(name) : -1;
      if (column > 0) return Number(lines[index + 1]?.split(' ')[column]);
    }
  }
  throw new Error(`The kernel does not count ${name}`);
}

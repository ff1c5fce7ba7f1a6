import type { ManagedProxy } from '../managed-proxy.js';

/** Groups of metrics to show. */
export interface MetricsOptions {
  readonly proxy: boolean;
  readonly runtime: boolean;
}

const label = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** Prometheus' text format, with Toxiproxy's names; bytes count when they pass, not when their connection ends. */
export function metricsText(proxies: readonly ManagedProxy[], { proxy, runtime }: MetricsOptions): string {
  const families: string[] = [];
  const family = (name: string, type: string, help: string, samples: readonly string[]): void => {
    if (samples.length > 0)
      families.push(
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => `${name}${sample}\n`).join('')}`,
      );
  };
  if (proxy) {
    const [streams, datagrams] = [
      proxies.filter(({ protocol }) => protocol === 'tcp'),
      proxies.filter(({ protocol }) => protocol === 'udp'),
    ];
    const samples = (suffix: string, of = streams): string[] =>
      of.flatMap((one) => {
        const totals = one.totals();
        return (['downstream', 'upstream'] as const).map(
          (direction) =>
            `{direction="${direction}",listener="${label(one.listen)}",proxy="${label(one.name)}",upstream="${label(one.upstream)}"} ${totals[`${direction}${suffix}`]}`,
        );
      });
    family('toxiproxy_proxy_received_bytes_total', 'counter', 'Bytes read from the sender.', samples('ReceivedBytes'));
    family('toxiproxy_proxy_sent_bytes_total', 'counter', 'Bytes handed to the receiver.', samples('Bytes'));
    family(
      'chaos_proxy_connections',
      'gauge',
      'Live connections.',
      proxies.map((one) => `{proxy="${label(one.name)}"} ${one.connections().length}`),
    );
    family(
      'chaos_proxy_lost_bytes_total',
      'counter',
      'Bytes that toxics made vanish.',
      streams.map((one) => `{proxy="${label(one.name)}"} ${one.totals()['lostBytes']}`),
    );
    family('chaos_proxy_datagrams_total', 'counter', 'Datagrams handed on.', samples('Packets', datagrams));
    family(
      'chaos_proxy_lost_datagrams_total',
      'counter',
      'Datagrams that were lost.',
      datagrams.map((one) => `{proxy="${label(one.name)}"} ${one.totals()['lostPackets']}`),
    );
  }
  if (runtime) {
    const { user, system } = process.cpuUsage();
    family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.', [
      ` ${(user + system) / 1e6}`,
    ]);
    family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', [
      ` ${process.memoryUsage.rss()}`,
    ]);
    family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      ` ${Math.round(Date.now() / 1000 - process.uptime())}`,
    ]);
  }
  return families.join('');
}

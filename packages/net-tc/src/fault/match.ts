/** A port, or a range of them with both ends. */
export type Ports = number | { readonly from: number; readonly to: number };

/** Criteria for packets; all given criteria must hold. Hosts are IPv4 or IPv6 addresses or CIDR blocks. */
export interface Match {
  /** Default: both where ports are given, else every protocol. */
  readonly protocol?: 'tcp' | 'udp';
  readonly destinationPorts?: readonly Ports[];
  readonly sourcePorts?: readonly Ports[];
  readonly destinationHosts?: readonly string[];
  readonly sourceHosts?: readonly string[];
}

/** Both directions of what talks to these ports: packets to them and packets from them. */
export function portMatches(ports: readonly Ports[], protocol?: 'tcp' | 'udp'): readonly Match[] {
  const common = protocol === undefined ? {} : { protocol };
  return [
    { ...common, destinationPorts: ports },
    { ...common, sourcePorts: ports },
  ];
}

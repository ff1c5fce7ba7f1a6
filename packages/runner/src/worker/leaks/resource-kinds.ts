/**
 * Kinds of resources that keep a process alive: Node's name among active resources, async hooks' name, and the name for
 * people.
 */
export interface ResourceKind {
  readonly active: string;
  readonly hook: string;
  readonly name: string;
}

/** Without requests in progress: they end by themselves. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  { active: 'Timeout', hook: 'Timeout', name: 'timer' },
  { active: 'TCPSocketWrap', hook: 'TCPWRAP', name: 'TCP connection' },
  { active: 'TCPServerWrap', hook: 'TCPSERVERWRAP', name: 'TCP server' },
  { active: 'PipeWrap', hook: 'PIPEWRAP', name: 'pipe or Unix socket' },
  { active: 'PipeServerWrap', hook: 'PIPESERVERWRAP', name: 'Unix socket server' },
  { active: 'UDPWrap', hook: 'UDPWRAP', name: 'UDP socket' },
  { active: 'FSEventWrap', hook: 'FSEVENTWRAP', name: 'file watcher' },
  { active: 'StatWatcher', hook: 'STATWATCHER', name: 'file watcher' },
  { active: 'MessagePort', hook: 'MESSAGEPORT', name: 'message port' },
];

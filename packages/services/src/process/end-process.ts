import type { ServiceProcess } from './spawn-service.js';

const PATIENCE_MS = 5000;

/** Asks a process to end (continuing it first if it is stopped) and waits for it, 5 s at most. */
export async function endProcess(process: ServiceProcess, signal: NodeJS.Signals): Promise<void> {
  process.resume();
  process.kill(signal);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
  await Promise.race([process.exited, patience]);
  clearTimeout(timer);
}

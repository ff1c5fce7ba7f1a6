import type { ProcessExit } from '../../process/spawn-service.js';

/** How a process ended, to follow "exited": `with code 7`, `by SIGSEGV`. */
export function howItEnded({ code, signal }: ProcessExit): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}

import type { Running } from '../running.js';

/** Attaches what the parts of the slot printed while a failed test ran: the log of the target. */
export async function attachLogs({ session, info, verdict }: Running, sinceMs: number): Promise<void> {
  if (session.leakRun || !verdict.failed || info.expectedStatus !== 'passed') return;
  for (const { name, text } of await session.logs(sinceMs))
    await info.attach(name, { body: text, contentType: 'text/plain' });
}

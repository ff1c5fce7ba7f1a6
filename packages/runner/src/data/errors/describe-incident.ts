import type { Incident, SerializedError } from '@chaos/spec';

/** An incident for people: what, when, the faults in force then, and the evidence. */
export function describeIncident({ what, atMs, detail }: Incident, faults: readonly string[]): string {
  const at = new Date(atMs).toISOString().slice(11, 23);
  const during =
    faults.length === 0
      ? 'while no fault was in force'
      : `while ${faults.map((name) => `"${name}"`).join(', ')} was in force`;
  const evidence = detail === '' ? ' (it wrote nothing)' : `; its last output:\n${detail}`;
  return `${what} by itself at ${at} UTC, ${during}${evidence}`;
}

/** The error of an incident while no test ran. */
export function unexpectedIncident(incident: Incident): SerializedError {
  const { code, hint } = incident;
  return { code, message: `Between tests: ${describeIncident(incident, [])}`, hint };
}

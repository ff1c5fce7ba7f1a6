import { readFileSync } from 'node:fs';

/** User that a service runs as. */
export interface ServiceAccount {
  readonly uid: number;
  readonly gid: number;
}

/** As root: `nobody`, because PostgreSQL refuses root and no test server needs it. Otherwise `undefined`: this user. */
export function serviceAccount(): ServiceAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readPasswd());
  return { uid: Number(entry?.[1] ?? 65534), gid: Number(entry?.[2] ?? 65534) };
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** All files below a folder, by path. */
export function outputs(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [path, readFileSync(path, 'latin1')]),
  );
}

/** Where one of the secrets stands in a text or in the name of its file: as it is, in part of base64, in lower case. */
export function hits(outs: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [secret, ...[0, 1, 2].map((before) => innerBase64(secret, before))]);
  return Object.entries(outs).flatMap(([path, text]) =>
    forms.flatMap((form) => {
      const at = text.indexOf(form);
      const named = path.toLowerCase().includes(form.toLowerCase());
      return at < 0 && !named ? [] : [`${path}: …${text.slice(Math.max(0, at - 60), at + form.length)}`];
    }),
  );
}

// What base64 makes of it after so many bytes of other text, without the characters that depend on its neighbours.
function innerBase64(secret: string, before: number): string {
  const all = Buffer.from('\0'.repeat(before) + secret)
    .toString('base64')
    .replace(/=+$/, '');
  return all.slice(before === 0 ? 0 : before + 1, -1);
}

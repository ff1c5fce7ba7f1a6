import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Script and style of the page. */
export interface Shell {
  readonly js: string;
  readonly css: string;
}

let read: Shell | undefined;

/** The built page, which is beside this file. */
export function shell(): Shell {
  read ??= { js: part('app.js'), css: part('app.css') };
  return read;
}

function part(name: string): string {
  const folder = fileURLToPath(new URL('./page/', import.meta.url));
  // An inline script ends at the first `</script`, wherever it stands.
  return readFileSync(`${folder}${name}`, 'utf8')
    .trimEnd()
    .replaceAll('</script', String.raw`<\/script`);
}

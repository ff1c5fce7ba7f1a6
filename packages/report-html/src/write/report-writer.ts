import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '@chaos/spec';
import { packed } from './chunks.js';
import { linkedPage, wholePage, type Piece } from './page.js';
import { shell } from './shell.js';

/** Writes the files of a report. Readers see the old report or the new one, never half of one. */
export interface ReportWriter {
  chunk(name: string, base64: string): void;
  /** Returns the address of the file for the page; `undefined` if it cannot be kept. */
  file(name: string, contentType: string, data: Buffer): string | undefined;
  /** Writes the page with its index; it opens from now on. */
  finish(index: object): void;
  /** Removes what was written so far. */
  discard(): void;
}

/** Pictures that a page may hold, by the ends of their names. */
export const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};

const INLINE_BYTES = 2 ** 20;

/** What a report consists of, ours or that of Playwright Test. */
const PARTS = new Set(['index.html', 'app.js', 'app.css', 'data', 'trace']);

/**
 * Takes the page of an earlier run away: should this one be killed, nobody takes the old result for its own. What is no
 * report stays.
 */
export function discardPage(place: { readonly outputFolder?: string; readonly outputFile?: string }): void {
  const { outputFolder, outputFile } = place;
  try {
    if (outputFolder !== undefined && foreignIn(outputFolder) !== undefined) return;
    const page = outputFolder === undefined ? outputFile! : join(outputFolder, 'index.html');
    if (lstatSync(page, { throwIfNoEntry: false })?.isFile()) rmSync(page);
  } catch {
    // Where it cannot be removed it cannot be written, either, and that is told at the end.
  }
}

// The first entry of a folder that is no part of a report.
function foreignIn(folder: string): string | undefined {
  return existsSync(folder) ? readdirSync(folder).find((name) => !PARTS.has(name)) : undefined;
}

/** A folder with the page and its data; an older report in it is replaced. */
export function folderWriter(folder: string): ReportWriter {
  // It would be removed with the report that the folder is taken for.
  const foreign = foreignIn(folder);
  if (foreign !== undefined) throw new Error(`the folder holds what is no report, such as ${foreign}`);
  makeFolder(dirname(folder), 0o700);
  const unfinished = `${folder}.${randomUUID()}.tmp`;
  const data = join(unfinished, 'data');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const write = (path: string, content: string | Buffer): void => writeFileSync(path, content, { mode: 0o600 });
  const script = (name: string, base64: string): void =>
    write(join(data, `${name}.js`), `chaosData(${JSON.stringify(name)},"${base64}")\n`);
  return {
    chunk: script,
    file(name, _, content) {
      write(join(data, name), content);
      return `data/${name}`;
    },
    finish(index) {
      script('index', packed(JSON.stringify(index)));
      const { js, css } = shell();
      write(join(unfinished, 'app.js'), js);
      write(join(unfinished, 'app.css'), css);
      write(join(unfinished, 'index.html'), linkedPage());
      replace(unfinished, folder);
    },
    discard: () => rmSync(unfinished, { recursive: true, force: true }),
  };
}

/** One file that holds all of it. Files that a test attached are in it up to 1 MiB each. */
export function fileWriter(file: string): ReportWriter {
  const pieces: Piece[] = [];
  return {
    chunk: (name, base64) => void pieces.push({ name, base64 }),
    file: (_, contentType, content) =>
      content.length > INLINE_BYTES || !/^image\/[\w.+-]+$/.test(contentType)
        ? undefined
        : `data:${contentType};base64,${content.toString('base64')}`,
    finish(index) {
      pieces.unshift({ name: 'index', base64: packed(JSON.stringify(index)) });
      makeFolder(dirname(file), 0o700);
      const unfinished = `${file}.${randomUUID()}.tmp`;
      try {
        writeFileSync(unfinished, wholePage(shell(), pieces), { mode: 0o600 });
        renameSync(unfinished, file);
      } catch (error) {
        rmSync(unfinished, { force: true });
        throw error;
      }
    },
    discard: () => {},
  };
}

function replace(unfinished: string, folder: string): void {
  const old = `${folder}.${randomUUID()}.old`;
  const isThere = existsSync(folder);
  if (isThere) renameSync(folder, old);
  renameSync(unfinished, folder);
  if (isThere) rmSync(old, { recursive: true, force: true });
}

import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { CliContext } from '../context.js';
import { reportFile } from './report-file.js';
import type { ReporterChoice } from './reporter-choice.js';

/** A folder that a reporter writes to. */
export interface ReportPlace {
  /** Name of the reporter, or its module. */
  readonly reporter: string;
  /** Absolute. */
  readonly folder: string;
}

/** Folders that the places of reports are relative to; absolute. */
export interface ReportFolders {
  readonly rootDir: string;
  /** Of the results of the run. */
  readonly outputDir: string;
}

/** Folders of the chosen reporters. Of a user's reporter, those that its options name as Playwright's reporters do. */
export function reportPlaces(
  choices: readonly ReporterChoice[],
  folders: ReportFolders,
  context: CliContext,
): readonly ReportPlace[] {
  const { rootDir } = folders;
  return choices.flatMap((choice) => {
    if ('file' in choice)
      return customFolders(choice.options, rootDir).map((folder) => ({ reporter: choice.file, folder }));
    const { name, options } = choice;
    if (name === 'blob') return [{ reporter: name, folder: blobPlace(rootDir, options, context).directory }];
    if (name === 'html') return [{ reporter: name, folder: htmlFolder(folders, options, context) }];
    if (name !== 'json' && name !== 'junit') return [];
    const file = outputFileOf(name, options, rootDir, context);
    // A device or a pipe is written to as it is; a file is replaced, which its folder has to allow.
    return file === undefined || isOther(file) ? [] : [{ reporter: name, folder: dirname(file) }];
  });
}

/**
 * The file of a JSON or JUnit report; `undefined`: standard output. The environment comes first: CI plug-ins set it.
 */
export function outputFileOf(
  name: 'json' | 'junit',
  { outputFile }: ReporterChoice['options'],
  rootDir: string,
  context: CliContext,
): string | undefined {
  return (
    reportFile(name === 'json' ? 'JSON' : 'JUNIT', context) ??
    (typeof outputFile === 'string' ? resolve(rootDir, outputFile) : undefined)
  );
}

/** Folder of the HTML report. */
export function htmlFolder(
  { rootDir, outputDir }: ReportFolders,
  { outputFolder }: ReporterChoice['options'],
  { cwd, env }: CliContext,
): string {
  const set = env['CHAOS_HTML_OUTPUT_DIR'] || env['PLAYWRIGHT_HTML_OUTPUT_DIR'];
  if (set) return resolve(cwd, set);
  return typeof outputFolder === 'string' ? resolve(rootDir, outputFolder) : join(outputDir, 'html');
}

/** Folder of a blob report, and the name of its file if one is set. */
export function blobPlace(
  rootDir: string,
  { outputDir, outputFile, fileName }: ReporterChoice['options'],
  context: CliContext,
): { readonly directory: string; readonly fileName?: string } {
  const file =
    reportFile('BLOB', context) ?? (typeof outputFile === 'string' ? resolve(rootDir, outputFile) : undefined);
  if (file !== undefined)
    return { directory: dirname(file), fileName: `${basename(file).replace(/\.(?:zip|jsonl)$/, '')}.jsonl` };
  const { CHAOS_BLOB_OUTPUT_DIR: own, PLAYWRIGHT_BLOB_OUTPUT_DIR: theirs } = context.env;
  const named = typeof fileName === 'string' ? { fileName: `${fileName.replace(/\.(?:zip|jsonl)$/, '')}.jsonl` } : {};
  const set = own || theirs;
  return {
    directory: set
      ? resolve(context.cwd, set)
      : resolve(rootDir, typeof outputDir === 'string' ? outputDir : 'blob-report'),
    ...named,
  };
}

function customFolders(
  { outputFile, outputFolder, outputDir }: ReporterChoice['options'],
  rootDir: string,
): readonly string[] {
  return [
    ...(typeof outputFile === 'string' ? [dirname(resolve(rootDir, outputFile))] : []),
    ...[outputFolder, outputDir].flatMap((folder) => (typeof folder === 'string' ? [resolve(rootDir, folder)] : [])),
  ];
}

function isOther(file: string): boolean {
  try {
    return !statSync(file).isFile();
  } catch {
    // It is not there, or a folder of its path is a file: that folder tells why.
    return false;
  }
}

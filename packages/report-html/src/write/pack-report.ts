import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { ChaosError } from '@chaos/spec';
import { packed } from './chunks.js';
import { fileWriter, TYPES } from './report-writer.js';

const PIECE = /^chaosData\("([\w-]+)","([\w+/=]*)"\)/;
const INLINE_BYTES = 2 ** 20;

/**
 * Writes the report in a folder as one file, which needs no other. Pictures that tests attached are in it up to 1 MiB
 * each. Throws ChaosError `REPORT` if the folder holds no report of ours.
 */
export function packReport(folder: string, file: string): void {
  const data = join(folder, 'data');
  const pieces = new Map<string, string>();
  try {
    for (const name of readdirSync(data).filter((each) => each.endsWith('.js'))) {
      const [, piece, base64] = PIECE.exec(readFileSync(join(data, name), 'utf8')) ?? [];
      if (piece !== undefined && base64 !== undefined) pieces.set(piece, inflated(base64));
    }
  } catch (cause) {
    throw new ChaosError('REPORT', `Cannot read the report in ${folder}: ${(cause as Error).message}`, { cause });
  }
  const index = pieces.get('index');
  if (index === undefined) throw new ChaosError('REPORT', `Cannot read the report in ${folder}: it has no index`);
  pieces.delete('index');
  const writer = fileWriter(file);
  for (const [name, json] of pieces) writer.chunk(name, packed(withFiles(json, folder)));
  writer.finish(JSON.parse(index) as object);
}

function inflated(base64: string): string {
  return inflateRawSync(Buffer.from(base64, 'base64')).toString();
}

// Addresses of files beside the page become the files.
function withFiles(json: string, folder: string): string {
  return json.replace(/"href":"(data\/[\w.]+)"/g, (_, address: string) => {
    const type = TYPES[extname(address)];
    const path = join(folder, address);
    const isSmall = (statSync(path, { throwIfNoEntry: false })?.size ?? Infinity) <= INLINE_BYTES;
    if (type === undefined || !isSmall) return `"missing":${JSON.stringify(`${address} of the report`)}`;
    return `"href":${JSON.stringify(`data:${type};base64,${readFileSync(path).toString('base64')}`)}`;
  });
}

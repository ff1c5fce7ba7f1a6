import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecorder, readHistory, writeHistory } from '../dist/index.js';

const PROCESSES = 50;
const OPERATIONS = 1_000_000;
const TRANSACTIONS = 100_000;

function record(recorder, operations) {
  const processes = Array.from({ length: PROCESSES }, () => recorder.process());
  for (let index = 0; index < operations; index++) {
    const operation = processes[index % PROCESSES].invoke('txn', [
      ['append', index & 15, index],
      ['r', 3, null],
    ]);
    operation.ok([
      ['append', index & 15, index],
      ['r', 3, LIST],
    ]);
  }
}
const LIST = [1, 2, 3, 4, 5, 6, 7, 8];

// Making the values of the operations is the load's work, not the recorder's.
function loop(operations) {
  let sink;
  const start = process.cpuUsage();
  for (let index = 0; index < operations; index++)
    sink = [
      [
        ['append', index & 15, index],
        ['r', 3, null],
      ],
      [
        ['append', index & 15, index],
        ['r', 3, LIST],
      ],
      sink?.length,
    ];
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-bench-history-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return use(folder);
}

const perOperation =
  (count) =>
  ({ cpuMs, wallMs }) => ({ microsecondsEach: (cpuMs * 1000) / count, operationsPerSecond: count / (wallMs / 1000) });

async function written(extension) {
  return inFolder(async (folder) => {
    const recorder = createRecorder();
    record(recorder, TRANSACTIONS);
    const path = join(folder, `history${extension}`);
    await writeHistory(path, recorder.history());
    return path;
  });
}

/** Recording, writing and reading. */
export const RECORD_ROWS = [
  {
    name: `recorder, ${OPERATIONS.toLocaleString('en')} operations, in memory`,
    prepare: () => (record(createRecorder(), 20_000), loop(OPERATIONS)),
    run: (loopMs) => (record(createRecorder(), OPERATIONS), { loopMs }),
    derive: perOperation(OPERATIONS),
    bars: [
      { figure: 'microsecondsEach', max: 2 },
      { figure: 'operationsPerSecond', min: 100_000 },
    ],
  },
  {
    name: `recorder, ${OPERATIONS.toLocaleString('en')} operations, with its file`,
    prepare: () => inFolder((folder) => join(folder, 'history.ndjson')),
    run(file) {
      const recorder = createRecorder({ file });
      record(recorder, OPERATIONS);
      recorder[Symbol.dispose]();
    },
    derive: perOperation(OPERATIONS),
    bars: [{ figure: 'operationsPerSecond', min: 100_000 }],
  },
  {
    name: `NDJSON, ${TRANSACTIONS.toLocaleString('en')} transactions, read`,
    prepare: () => written('.ndjson'),
    run: async (file) => ({ operations: (await readHistory(file)).operations.length }),
    bars: [{ figure: 'wallMs', max: 1000 }],
  },
  {
    name: `EDN, ${TRANSACTIONS.toLocaleString('en')} transactions, read`,
    prepare: () => written('.edn'),
    run: async (file) => ({ operations: (await readHistory(file)).operations.length }),
    bars: [],
  },
];

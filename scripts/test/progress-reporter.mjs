import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Log of every start and end of a test, written at once; relative to the root of the tests. */
export const RECORD = 'test-results/tests.ndjson';

const REMIND_MS = 30_000;
/** Running tests: started and not ended. */
const running = new Map();

/**
 * A reporter for vitest: prints a line for each file, failures at once, and the running tests every half minute. The
 * record on disk is always up to date, so a run that is cut off is counted, too.
 */
export default class ProgressReporter {
  #root = process.cwd();

  onInit({ config }) {
    this.#root = config.root;
    mkdirSync(`${this.#root}/test-results`, { recursive: true });
    writeFileSync(`${this.#root}/${RECORD}`, '');
    setInterval(() => this.#remind(), REMIND_MS).unref();
  }

  onTestCaseReady(test) {
    running.set(test.id, { name: this.#nameOf(test), sinceMs: Date.now() });
    this.#write({ kind: 'start', ...this.#placeOf(test) });
  }

  onTestCaseResult(test) {
    running.delete(test.id);
    const { state, errors = [] } = test.result();
    const ms = Math.round(test.diagnostic()?.duration ?? 0);
    this.#write({ kind: 'end', ...this.#placeOf(test), state, ms, ...this.#describe(errors[0]) });
    if (state === 'failed') process.stdout.write(`  × ${this.#nameOf(test)}: ${firstLine(errors[0]?.message)}\n`);
  }

  onTestModuleEnd(module) {
    const file = relative(this.#root, module.moduleId);
    for (const error of module.errors()) this.#write({ kind: 'error', file, ...this.#describe(error) });
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of module.children.allTests()) counts[test.result().state]++;
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    const mark = module.state() === 'failed' ? 'FAILED' : 'ok    ';
    const seconds = (module.diagnostic().duration / 1000).toFixed(1).padStart(6);
    process.stdout.write(
      `${mark} ${seconds} s  ${file}  ${told.map(([state, count]) => `${count} ${state}`).join(', ')}\n`,
    );
  }

  onTestRunEnd(_modules, unhandledErrors, reason) {
    for (const error of unhandledErrors) this.#write({ kind: 'error', file: '', ...this.#describe(error) });
    this.#write({ kind: 'done', reason });
  }

  #remind() {
    for (const { name, sinceMs } of running.values()) {
      const ms = Date.now() - sinceMs;
      if (ms > REMIND_MS) process.stdout.write(`  … ${name}: running for ${Math.round(ms / 1000)} s\n`);
    }
  }

  #placeOf(test) {
    return { id: test.id, file: relative(this.#root, test.module.moduleId), test: test.fullName };
  }

  #nameOf(test) {
    return `${relative(this.#root, test.module.moduleId)} › ${test.fullName}`;
  }

  #describe(error) {
    if (error === undefined) return {};
    const frame = error.stacks?.find(({ file }) => !file.includes('node_modules')) ?? error.stacks?.[0];
    return {
      message: error.message ?? String(error),
      ...(frame && { place: `${relative(this.#root, frame.file)}:${frame.line}:${frame.column}` }),
    };
  }

  #write(entry) {
    appendFileSync(`${this.#root}/${RECORD}`, `${JSON.stringify(entry)}\n`);
  }
}

function firstLine(text = 'no message') {
  return text.split('\n')[0];
}

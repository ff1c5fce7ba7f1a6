import { EdnParser } from './edn-parser.js';
import { EventCollector } from './event-collector.js';
import { formatError } from './format-error.js';
import type { HistoryReader } from './history-reader.js';
import { LineSplitter } from './line-splitter.js';

const EVENT = /^(.*?\bjepsen\.util\s+-\s+)(\S+)\s+:(\S+)\s+:(\S+)(?:\s+(\S.*))?$/;

/**
 * Reads the log of Jepsen's etcd test (2014), which porcupine's test data is: `INFO jepsen.util - 0 :invoke :cas [1
 * 2]`. Other lines are passed over.
 */
export function etcdLogReader(file: string): HistoryReader {
  const collector = new EventCollector(file);
  let events = 0;
  const lines = new LineSplitter((line, number) => {
    const [, head, who = '', type, f, text = 'nil'] = EVENT.exec(line.trimEnd()) ?? [];
    if (head === undefined) return;
    const column = head.length + 1;
    const process = who.startsWith(':') ? who.slice(1) : Number(who);
    // As far to the right as it stands in the line, so that its errors have the right column.
    const value = new EdnParser(text.padStart(line.trimEnd().length), file, number).form();
    // An error stands in place of the value: `:info :write :timed-out`.
    const isError = text.startsWith(':');
    events++;
    collector.add(
      { type, f, process, ...(isError ? { error: value } : { value }) },
      { line: number, column },
      (problem) => {
        throw formatError({ file, line: number, column }, problem);
      },
    );
  });
  return {
    push: (text) => lines.push(text),
    end() {
      lines.end();
      if (events === 0)
        throw formatError(
          { file, line: 1, column: 1 },
          'Cannot read the log: it has no line such as "INFO  jepsen.util - 0  :invoke  :read  nil"',
        );
      return collector.history();
    },
  };
}

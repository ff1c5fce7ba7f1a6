import type { Inventory, InventoryEntry } from './inventory.js';

/** An inventory as Markdown: a table of the failures, what they have in common, and the evidence of each. */
export function inventoryMarkdown({ runId, failures, patterns, errors }: Inventory): string {
  const rows = failures.map(
    ({ chaosId, title, category, tag, priority, confidence, frequency }) =>
      `| ${priority} | ${cell(chaosId ?? '')} | ${cell(title)} | ${cell(category)} | ${tag} | ${Math.round(100 * confidence)} % | ${frequency.failed} of ${frequency.runs} |`,
  );
  return [
    `# Failures of run ${runId}`,
    '',
    ...(failures.length === 0
      ? ['No test failed.']
      : ['| priority | id | test | category | tag | confidence | failed |', '|---|---|---|---|---|---|---|', ...rows]),
    '',
    ...(errors.length === 0 ? [] : ['## Outside of tests', '', ...errors.map((line) => `- ${cell(line)}`), '']),
    ...(patterns.length === 0
      ? []
      : [
          '## In common',
          '',
          ...patterns.map(({ kind, value, tests }) => `- ${kind} \`${code(value)}\`: ${tests.map(cell).join(', ')}`),
          '',
        ]),
    ...failures.flatMap((failure) => ['', ...bodyOf(failure, '##')]),
    '',
  ].join('\n');
}

/** One failure as a text for a tracker. */
export function issueText(failure: InventoryEntry): string {
  return `${bodyOf(failure, '#').join('\n')}\n`;
}

function bodyOf(entry: InventoryEntry, level: string): readonly string[] {
  const {
    chaosId,
    title,
    tag,
    priority,
    confidence,
    evidence,
    nextStep,
    reproduce,
    error,
    frequency,
    firstSeen,
    suspectedPart,
  } = entry;
  return [
    `${level} ${cell(chaosId === undefined ? title : `${chaosId}: ${title}`)}`,
    '',
    `**${tag}** (confidence ${Math.round(100 * confidence)} %, priority ${priority}). Suspected: ${cell(suspectedPart)}. Failed ${frequency.failed} of ${frequency.runs} runs since ${firstSeen}.`,
    '',
    '```',
    error.replaceAll('```', "'''"),
    '```',
    '',
    ...evidence.map((line) => `- ${cell(line)}`),
    '',
    `Next: ${cell(nextStep)}`,
    '',
    '```sh',
    reproduce,
    '```',
  ];
}

function cell(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .replaceAll('<', '&lt;');
}

function code(text: string): string {
  return text.replaceAll('`', "'");
}

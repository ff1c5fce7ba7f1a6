/** Ends a gate: prints problems one per line, then the line that `pnpm check` shows. */
export function gate(problems, summary) {
  for (const problem of problems) console.log(problem);
  console.log(
    problems.length === 0
      ? summary
      : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} (${summary})`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}

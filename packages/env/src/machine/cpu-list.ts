/** The CPUs in a kernel list such as `0-3,8,10-11`; `undefined` if the text is not such a list. */
export function countCpuList(text: string): number | undefined {
  const cpus = new Set<number>();
  for (const part of text.trim().split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (match === null) return undefined;
    const first = Number(match[1]);
    for (let cpu = first; cpu <= Number(match[2] ?? first); cpu++) cpus.add(cpu);
  }
  return cpus.size;
}

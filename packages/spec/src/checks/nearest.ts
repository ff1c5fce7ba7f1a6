/** The candidate most similar to `word`, probably a typo of it; `undefined` if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '');
  const limit = Math.max(1, Math.floor(plain(word).length / 3));
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      distance: related(plain(word), plain(candidate)) ? 0.5 : editDistance(plain(word), plain(candidate)),
    }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

// Also matches `timeout` with `timeout_ms` and `requests` with `concurrent_requests`: a missing word costs more letters
// than a typo.
function related(word: string, candidate: string): boolean {
  return word !== candidate && word.length >= 4 && (candidate.startsWith(word) || candidate.endsWith(word));
}

// Optimal string alignment: insertions, deletions, substitutions and swapped neighbours cost 1 each.
function editDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (same ? 0 : 1),
          swapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(left.length, right.length);
}

/** Spellings in which a secret is looked for: as it is, URL-encoded, escaped in JSON, and within base64. */
export function formsOf(value: string): readonly string[] {
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    // As bytes that are read as latin1.
    Buffer.from(value).toString('latin1'),
    ...(['base64', 'base64url'] as const).flatMap((encoding) =>
      [0, 1, 2].map((before) => within(value, before, encoding)),
    ),
  ];
}

// What base64 makes of it after 0, 1 or 2 bytes of other text (modulo 3), as in `user:password`. The characters at both
// ends depend on what is beside it.
function within(value: string, before: number, encoding: 'base64' | 'base64url'): string {
  const all = Buffer.from('\0'.repeat(before) + value)
    .toString(encoding)
    .replace(/=+$/, '');
  return all.slice(before === 0 ? 0 : before + 1, -1);
}

/** The same object with keys as the HTTP API has them: `clientPort` → `client_port`. */
export function snakeKeys(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      one as unknown,
    ]),
  );
}

const id = { type: 'string', minLength: 1, maxLength: 200 };
const body = (required: readonly string[], properties: object): object => ({
  body: { type: 'object', required, properties, additionalProperties: false },
});
const day = { type: 'integer', minimum: 0, maximum: 100_000 };

/** JSON Schemas of further request bodies. */
export const furtherSchemas: Readonly<Record<'busy' | 'digests' | 'reservation' | 'transfers', object>> = {
  busy: body(['ms'], { ms: { type: 'integer', minimum: 0, maximum: 60_000 } }),
  digests: body(['texts', 'rounds'], {
    texts: { type: 'array', maxItems: 10_000, items: { type: 'string', maxLength: 1000 } },
    rounds: { type: 'integer', minimum: 0, maximum: 10_000_000 },
  }),
  reservation: body(['room', 'first', 'last'], { room: id, first: day, last: day }),
  transfers: body(['orders'], {
    orders: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['from', 'to', 'amount'],
        properties: { from: id, to: id, amount: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
        additionalProperties: false,
      },
    },
  }),
};

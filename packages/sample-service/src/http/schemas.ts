const id = { type: 'string', minLength: 1, maxLength: 200 };
const positive = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const body = (required: readonly string[], properties: object): object => ({
  body: { type: 'object', required, properties, additionalProperties: false },
});
const amounts = {
  type: 'object',
  additionalProperties: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
};

/** JSON Schemas of the request bodies and parameters that routes accept. */
export const schemas: Readonly<
  Record<
    'booking' | 'document' | 'export' | 'graphql' | 'increment' | 'roles' | 'seed' | 'slowReport' | 'transfer',
    object
  >
> = {
  booking: body(['item', 'quantity'], { item: id, quantity: positive, reference: id }),
  document: body(['body'], { body: { type: 'string', maxLength: 1_000_000 } }),
  export: {
    querystring: { type: 'object', properties: { charset: { enum: ['utf8', 'latin1', 'ascii'], default: 'utf8' } } },
  },
  graphql: body(['query'], {
    query: { type: 'string', maxLength: 10_000 },
    variables: { type: 'object' },
    operationName: { type: 'string' },
  }),
  increment: body([], { by: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 } }),
  roles: body(['roles'], { roles: { type: 'array', maxItems: 20, items: id } }),
  seed: body([], {
    accounts: amounts,
    counters: amounts,
    stock: amounts,
    documents: { type: 'object', additionalProperties: { type: 'string' } },
  }),
  slowReport: {
    querystring: { type: 'object', required: ['ms'], properties: { ms: { type: 'string', pattern: '^\\d{1,7}$' } } },
  },
  transfer: body(['from', 'to', 'amount'], { from: id, to: id, amount: positive }),
};

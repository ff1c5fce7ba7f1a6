/** An expression of `nft -j list table`; only the kinds that our rules are made of are known. */
type Expression = Readonly<Record<string, unknown>>;

/**
 * Writes a rule as nft lists it in text (which versions agree on less than on JSON). Unknown parts come out as JSON.
 */
export function nftText(expressions: readonly Expression[]): string {
  return expressions.map(statement).join(' ');
}

function statement(expression: Expression): string {
  const [[kind, body] = ['', undefined]] = Object.entries(expression);
  const parts = body as {
    readonly target: string;
    readonly key: unknown;
    readonly value: unknown;
    readonly type?: string;
    readonly expr?: string;
  } | null;
  switch (kind) {
    case 'match':
      return match(body as { readonly op: string; readonly left: unknown; readonly right: unknown });
    case 'jump':
    case 'goto':
      return `${kind} ${parts?.target}`;
    case 'mangle':
      return `${value(parts?.key)} set ${value(parts?.value)}`;
    case 'reject':
      return parts?.type === undefined
        ? 'reject'
        : `reject with ${parts.type}${parts.expr === undefined ? '' : ` ${parts.expr}`}`;
    default:
      return body === null ? kind : JSON.stringify(expression);
  }
}

function match({ op, left, right }: { readonly op: string; readonly left: unknown; readonly right: unknown }): string {
  // nft leaves `==` out where the left side is a mere field, and `meta` before the names of devices.
  const silent = op === 'in' || (op === '==' && !Object.hasOwn(left as object, '&'));
  return `${value(left).replace(/^meta (?=[io]ifname)/, '')} ${silent ? '' : `${op} `}${value(right)}`;
}

function value(expression: unknown): string {
  if (typeof expression === 'string' || typeof expression === 'number') return String(expression);
  const [[kind, body] = ['', undefined]] = Object.entries(expression as Expression);
  const parts = body as Readonly<Record<string, never>> & readonly [unknown, unknown];
  switch (kind) {
    case 'meta':
      return `meta ${parts['key']}`;
    case 'payload':
      return `${parts['protocol']} ${parts['field']}`;
    case 'prefix':
      return `${parts['addr']}/${parts['len']}`;
    case 'range':
      return `${value(parts[0])}-${value(parts[1])}`;
    case 'set':
      return `{ ${(body as readonly unknown[]).map((one) => (Array.isArray(one) ? `${value(one[0])} : ${value(one[1])}` : value(one))).join(', ')} }`;
    case '&':
    case '|':
      return `${value(parts[0])} ${kind} ${value(parts[1])}`;
    case 'map':
      return `${value(parts['key'])} map ${value(parts['data'])}`;
    case 'numgen':
      return `numgen ${parts['mode']} mod ${parts['mod']}`;
    default:
      return JSON.stringify(expression);
  }
}

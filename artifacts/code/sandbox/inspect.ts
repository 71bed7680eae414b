/** Formats values as a console does. */

const MAX_DEPTH = 4;
const MAX_ITEMS = 100;
const MAX_LINE_CHARS = 72;
const MAX_STRING_CHARS = 10_000;

/** Formats like `console.log`: strings as they are, other values inspected, `%s` etc. replaced. */
export function format(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string' || !first.includes('%')) return values.map(stringify).join(' ');
  const formatted = first.replace(/%([sdifoOjc%])/g, (specifier, letter: string) => {
    if (letter === '%') return '%';
    if (rest.length === 0) return specifier;
    const value = rest.shift();
    if (letter === 'c') return '';
    if (letter === 'd' || letter === 'i') return String(Math.trunc(Number(value)));
    if (letter === 'f') return String(Number(value));
    return letter === 's' ? stringify(value) : inspect(value);
  });
  return [formatted, ...rest.map(stringify)].join(' ');
}

function stringify(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

/** Formats one value similar to source code; never throws. */
export function inspect(value: unknown): string {
  try {
    return inspectAt(value, 0, []);
  } catch {
    return '[a value that cannot be displayed]';
  }
}

function inspectAt(value: unknown, depth: number, ancestors: object[]): string {
  if (typeof value === 'string') return quoteString(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return inspectFunction(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (ancestors.includes(value)) return '[circular]';
  if (value instanceof Error)
    return value.stack?.includes(value.message) ? programStack(value) : String(value);
  if (value instanceof Date) return Number.isNaN(+value) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise {}';
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  const inspectChild = (child: unknown) => inspectAt(child, depth + 1, [...ancestors, value]);
  if (Array.isArray(value))
    return formatList(
      '',
      '[',
      value.length,
      () => value.slice(0, MAX_ITEMS).map(inspectChild),
      ']',
    );
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = Array.from(value as Uint8Array);
    return formatList(
      `${constructorName(value)}(${numbers.length}) `,
      '[',
      numbers.length,
      () => numbers.slice(0, MAX_ITEMS).map(inspectChild),
      ']',
    );
  }
  if (value instanceof Map) {
    const pairs = [...value].slice(0, MAX_ITEMS);
    return formatList(
      `Map(${value.size}) `,
      '{',
      value.size,
      () => pairs.map(([k, v]) => `${inspectChild(k)} => ${inspectChild(v)}`),
      '}',
    );
  }
  if (value instanceof Set) {
    return formatList(
      `Set(${value.size}) `,
      '{',
      value.size,
      () => [...value].slice(0, MAX_ITEMS).map(inspectChild),
      '}',
    );
  }
  const keys = Object.keys(value);
  const name = constructorName(value);
  const entries = () =>
    keys
      .slice(0, MAX_ITEMS)
      .map((key) => `${formatKey(key)}: ${inspectChild((value as Record<string, unknown>)[key])}`);
  return formatList(name && name !== 'Object' ? `${name} ` : '', '{', keys.length, entries, '}');
}

function formatList(
  name: string,
  open: string,
  count: number,
  parts: () => string[],
  close: string,
): string {
  const items = parts();
  if (count > items.length) items.push(`… ${count - items.length} more`);
  if (items.length === 0) return `${name}${open}${close}`;
  const space = open === '{' ? ' ' : '';
  const line = `${name}${open}${space}${items.join(', ')}${space}${close}`;
  if (line.length <= MAX_LINE_CHARS && !line.includes('\n')) return line;
  return `${name}${open}\n${items.map((part) => `  ${part.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
}

function quoteString(text: string): string {
  const cut = text.length > MAX_STRING_CHARS ? `${text.slice(0, MAX_STRING_CHARS)}…` : text;
  return JSON.stringify(cut).replace(/^"(.*)"$/s, (_, inner: string) =>
    cut.includes("'") ? `"${inner}"` : `'${inner.replaceAll('\\"', '"')}'`,
  );
}

function inspectFunction(value: { name: string; toString(): string }): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  return value.name ? `[${kind} ${value.name}]` : `[${kind}]`;
}

function formatKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoteString(key);
}

function constructorName(value: object): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return '[no prototype]';
  return prototype.constructor?.name ?? '';
}

/** Returns the stack without the frames of the sandbox. */
function programStack(error: Error): string {
  const lines = (error.stack ?? '').split('\n');
  return lines.filter((line) => !/^\s+at /.test(line) || line.includes('program.js')).join('\n');
}

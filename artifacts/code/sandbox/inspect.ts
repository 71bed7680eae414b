/** Values as a console writes them. */

const DEPTH = 4;
const ITEMS = 100;
const WIDTH = 72;
const STRING = 10_000;

/** What `console.log` writes: its texts as they are, all else inspected, `%s` and its like filled in. */
export function format(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string' || !first.includes('%')) return values.map(show).join(' ');
  const filled = first.replace(/%([sdifoOjc%])/g, (sign, letter: string) => {
    if (letter === '%') return '%';
    if (rest.length === 0) return sign;
    const value = rest.shift();
    if (letter === 'c') return '';
    if (letter === 'd' || letter === 'i') return String(Math.trunc(Number(value)));
    if (letter === 'f') return String(Number(value));
    return letter === 's' ? show(value) : inspect(value);
  });
  return [filled, ...rest.map(show)].join(' ');
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

/** One value, as it would be written in code as far as that goes; never throws. */
export function inspect(value: unknown): string {
  try {
    return inspectAt(value, 0, []);
  } catch {
    return '[a value that cannot be shown]';
  }
}

function inspectAt(value: unknown, depth: number, above: object[]): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return inspectFunction(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (above.includes(value)) return '[circular]';
  if (value instanceof Error)
    return value.stack?.includes(value.message) ? ownStack(value) : String(value);
  if (value instanceof Date) return Number.isNaN(+value) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise {}';
  if (depth >= DEPTH) return Array.isArray(value) ? '[…]' : '{…}';
  const inner = (one: unknown) => inspectAt(one, depth + 1, [...above, value]);
  if (Array.isArray(value))
    return list('', '[', value.length, () => value.slice(0, ITEMS).map(inner), ']');
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = Array.from(value as Uint8Array);
    return list(
      `${nameOf(value)}(${numbers.length}) `,
      '[',
      numbers.length,
      () => numbers.slice(0, ITEMS).map(inner),
      ']',
    );
  }
  if (value instanceof Map) {
    const pairs = [...value].slice(0, ITEMS);
    return list(
      `Map(${value.size}) `,
      '{',
      value.size,
      () => pairs.map(([k, v]) => `${inner(k)} => ${inner(v)}`),
      '}',
    );
  }
  if (value instanceof Set) {
    return list(
      `Set(${value.size}) `,
      '{',
      value.size,
      () => [...value].slice(0, ITEMS).map(inner),
      '}',
    );
  }
  const keys = Object.keys(value);
  const name = nameOf(value);
  const entries = () =>
    keys
      .slice(0, ITEMS)
      .map((key) => `${keyOf(key)}: ${inner((value as Record<string, unknown>)[key])}`);
  return list(name && name !== 'Object' ? `${name} ` : '', '{', keys.length, entries, '}');
}

function list(
  name: string,
  open: string,
  count: number,
  parts: () => string[],
  close: string,
): string {
  const shown = parts();
  if (count > shown.length) shown.push(`… ${count - shown.length} more`);
  if (shown.length === 0) return `${name}${open}${close}`;
  const space = open === '{' ? ' ' : '';
  const line = `${name}${open}${space}${shown.join(', ')}${space}${close}`;
  if (line.length <= WIDTH && !line.includes('\n')) return line;
  return `${name}${open}\n${shown.map((part) => `  ${part.replaceAll('\n', '\n  ')}`).join(',\n')}\n${close}`;
}

function quote(text: string): string {
  const cut = text.length > STRING ? `${text.slice(0, STRING)}…` : text;
  return JSON.stringify(cut).replace(/^"(.*)"$/s, (_, inner: string) =>
    cut.includes("'") ? `"${inner}"` : `'${inner.replaceAll('\\"', '"')}'`,
  );
}

function inspectFunction(value: { name: string; toString(): string }): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  return value.name ? `[${kind} ${value.name}]` : `[${kind}]`;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return '[no prototype]';
  return prototype.constructor?.name ?? '';
}

/** A stack without the lines that are not the program's. */
function ownStack(error: Error): string {
  const lines = (error.stack ?? '').split('\n');
  return lines.filter((line) => !/^\s+at /.test(line) || line.includes('program.js')).join('\n');
}

/**
 * A scenario with name and options, from a message (`[[scenario:tokens n=300 rate=50]]`) or set for
 * all messages without a marker (`tokens n=300 rate=50`).
 *
 * A value is a word, or "text in quotes", or, for arbitrary characters, `~` followed by the
 * percent-encoded value, as `scenario()` writes it.
 */
export type ScenarioLine = {
  name: string;
  options: Map<string, string>;
  /** The trimmed line; requests with the same line count as the same scenario. */
  source: string;
};

const OPTION = /([\w-]+)=("[^"]*"|\S+)/g;

export function parseScenarioLine(line: string): ScenarioLine {
  const source = line.trim();
  const options = new Map<string, string>();
  for (const [, key = '', value = ''] of source.matchAll(OPTION)) {
    options.set(key, readValue(value));
  }
  return { name: source.split(/\s/, 1)[0] ?? '', options, source };
}

function readValue(value: string): string {
  if (value.startsWith('~')) return decodeURIComponent(value.slice(1));
  return value.replace(/^"|"$/g, '');
}

/** The marker that selects a scenario in a message. Values other than strings are sent as JSON. */
export function scenario(name: string, options: Record<string, unknown> = {}): string {
  const pairs = Object.entries(options).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ` ${key}=${/^[\w.-]+$/.test(text) ? text : `~${encodeURIComponent(text)}`}`;
  });
  return `[[scenario:${name}${pairs.join('')}]]`;
}

/** The text of the last marker `[[kind:…]]`, or null. */
export function findMarker(text: string, kind: 'scenario' | 'title'): string | null {
  const start = text.lastIndexOf(`[[${kind}:`);
  if (start === -1) return null;
  const end = text.indexOf(']]', start);
  return end === -1 ? null : text.slice(start + kind.length + 3, end);
}

export function numberOption(line: ScenarioLine, key: string, fallback: number): number {
  const value = line.options.get(key);
  return value === undefined ? fallback : Number(value);
}

/** Parses an option as JSON; undefined if it is not given. */
export function jsonOption(line: ScenarioLine, key: string): unknown {
  const value = line.options.get(key);
  return value === undefined ? undefined : JSON.parse(value);
}

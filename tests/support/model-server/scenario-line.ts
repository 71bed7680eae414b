/**
 * Scenarios by name and options, as they stand in a message (`[[scenario:tokens n=300 rate=50]]`) or
 * are set for all messages that name none (`tokens n=300 rate=50`).
 *
 * A value is a word, or "anything between quotes", or, with any characters in it, `~` and the value
 * percent-encoded: `scenario()` writes that.
 */
export type ScenarioLine = {
  name: string;
  options: Map<string, string>;
  /** The line itself: what counts as the same scenario asked for again. */
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

/** What a message must hold for the model to play a scenario; values that are no texts go as JSON. */
export function scenario(name: string, options: Record<string, unknown> = {}): string {
  const pairs = Object.entries(options).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return ` ${key}=${/^[\w.-]+$/.test(text) ? text : `~${encodeURIComponent(text)}`}`;
  });
  return `[[scenario:${name}${pairs.join('')}]]`;
}

/** The line between `[[kind:` and `]]`, the last one of a text, or null. */
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

/** An option that holds JSON; undefined where it is not given. */
export function jsonOption(line: ScenarioLine, key: string): unknown {
  const value = line.options.get(key);
  return value === undefined ? undefined : JSON.parse(value);
}

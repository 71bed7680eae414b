/**
 * Scenarios by name and options, as they stand in a message (`[[scenario:tokens n=300 rate=50]]`) or
 * are set for all messages that name none (`tokens n=300 rate=50`).
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
    options.set(key, value.replace(/^"|"$/g, ''));
  }
  return { name: source.split(/\s/, 1)[0] ?? '', options, source };
}

/** The line between `[[kind:` and `]]`, or null. */
export function findMarker(text: string, kind: 'scenario' | 'title'): string | null {
  const start = text.indexOf(`[[${kind}:`);
  if (start === -1) return null;
  const end = text.indexOf(']]', start);
  return end === -1 ? null : text.slice(start + kind.length + 3, end);
}

export function numberOption(line: ScenarioLine, key: string, fallback: number): number {
  const value = line.options.get(key);
  return value === undefined ? fallback : Number(value);
}

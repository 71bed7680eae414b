/**
 * Fewer lines that say the same. useChat copies the whole message once a line, so what arrives
 * together (a catch-up of thousands of lines, say) is handed on together.
 */
import type { ParsedLine } from '@/lib/client/chat/stream/delivered-state';
import {
  type DocumentDelta,
  isDocumentDelta,
  parseStreamEvent,
} from '@/lib/protocol/stream-events';

/** Joins neighbouring text, reasoning and data lines, and neighbouring deltas of a document. */
function mergeLines(lines: readonly ParsedLine[]): ParsedLine[] {
  const mergedLines: ParsedLine[] = [];
  let current: ParsedLine | undefined;
  for (const line of lines) {
    if (current && current.code === line.code && isMergeable(line.code)) {
      current.value = mergeValues(current.value, line.value);
      continue;
    }
    current = { code: line.code, value: Array.isArray(line.value) ? [...line.value] : line.value };
    mergedLines.push(current);
  }
  for (const line of mergedLines) if (line.code === '2') line.value = mergeDeltas(line.value);
  return mergedLines;
}

function isMergeable(code: string): boolean {
  return code === '0' || code === 'g' || code === '2';
}

function mergeValues(previous: unknown, next: unknown): unknown {
  if (typeof previous === 'string') return previous + (next as string);
  (previous as unknown[]).push(...(next as unknown[]));
  return previous;
}

function mergeDeltas(value: unknown): unknown[] {
  const events: unknown[] = [];
  for (const event of value as unknown[]) {
    const last = events.at(-1);
    if (isDeltaValue(event) && isDeltaValue(last) && last.type === event.type) {
      events[events.length - 1] = { ...last, content: last.content + event.content };
    } else {
      events.push(event);
    }
  }
  return events;
}

function isDeltaValue(event: unknown): event is DocumentDelta {
  const parsed = parseStreamEvent(event);
  return parsed !== undefined && isDocumentDelta(parsed);
}

/** The lines merged, as useChat reads them; '' where there is none. */
export function formatMergedLines(lines: readonly ParsedLine[]): string {
  let text = '';
  for (const { code, value } of mergeLines(lines)) text += `${code}:${JSON.stringify(value)}\n`;
  return text;
}

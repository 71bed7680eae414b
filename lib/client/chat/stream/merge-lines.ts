/**
 * Merges lines into fewer equivalent ones. useChat copies the whole message for every line, so
 * lines that arrive together (thousands when catching up) are delivered merged.
 */
import { formatLine, type Line, type LineCode } from '@/lib/protocol/lines';
import {
  type DocumentDelta,
  isDocumentDelta,
  parseStreamEvent,
} from '@/lib/protocol/stream-events';

/** Merges adjacent text, reasoning and data lines, and adjacent deltas of a document. */
function mergeLines(lines: readonly Line[]): Line[] {
  const mergedLines: Line[] = [];
  let current: Line | undefined;
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

function isMergeable(code: LineCode): boolean {
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

/** Merges the lines and formats them for useChat; '' for no lines. */
export function formatMergedLines(lines: readonly Line[]): string {
  let text = '';
  for (const { code, value } of mergeLines(lines)) text += formatLine(code, value);
  return text;
}

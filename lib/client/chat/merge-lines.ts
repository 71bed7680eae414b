/**
 * Fewer lines that say the same. useChat copies the whole message once a line, so what arrives
 * together (a catch-up of thousands of lines, say) is handed on together.
 */
import type { ParsedLine } from '@/lib/client/chat/shown';
import { type Delta, isDelta, parseStreamEvent } from '@/lib/protocol/events';

/** Joins neighbouring text, reasoning and data lines, and neighbouring deltas of a document. */
function mergeLines(lines: readonly ParsedLine[]): ParsedLine[] {
  const merged: ParsedLine[] = [];
  let open: ParsedLine | undefined;
  for (const line of lines) {
    if (open && open.code === line.code && isJoinable(line.code)) {
      open.value = join(open.value, line.value);
      continue;
    }
    open = { code: line.code, value: Array.isArray(line.value) ? [...line.value] : line.value };
    merged.push(open);
  }
  for (const line of merged) if (line.code === '2') line.value = mergeDeltas(line.value);
  return merged;
}

function isJoinable(code: string): boolean {
  return code === '0' || code === 'g' || code === '2';
}

function join(before: unknown, next: unknown): unknown {
  if (typeof before === 'string') return before + (next as string);
  (before as unknown[]).push(...(next as unknown[]));
  return before;
}

function mergeDeltas(value: unknown): unknown[] {
  const events: unknown[] = [];
  for (const event of value as unknown[]) {
    const last = events.at(-1);
    if (isPiece(event) && isPiece(last) && last.type === event.type) {
      events[events.length - 1] = { ...last, content: last.content + event.content };
    } else {
      events.push(event);
    }
  }
  return events;
}

function isPiece(event: unknown): event is Delta {
  const known = parseStreamEvent(event);
  return known !== undefined && isDelta(known);
}

/** The lines merged, as useChat reads them; '' where there is none. */
export function formatMerged(lines: readonly ParsedLine[]): string {
  let text = '';
  for (const { code, value } of mergeLines(lines)) text += `${code}:${JSON.stringify(value)}\n`;
  return text;
}

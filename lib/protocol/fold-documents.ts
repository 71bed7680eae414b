import { parseStreamEvent } from '@/lib/protocol/events';
import { parseLine } from '@/lib/protocol/lines';

/** A document beside the chat, as far as a run has written it. */
export type WrittenDocument = { id: string; content: string };

/** The documents that a list of lines writes, with all that was shown of each. */
export function foldDocuments(lines: Iterable<string>): WrittenDocument[] {
  const documents = new Map<string, WrittenDocument>();
  let open: WrittenDocument | undefined;
  for (const line of lines) {
    if (!line.startsWith('2:')) continue;
    const values = parseLine(line)?.value;
    for (const value of Array.isArray(values) ? values : []) {
      const event = parseStreamEvent(value);
      switch (event?.type) {
        case 'id':
          open = documents.get(event.content) ?? { id: event.content, content: '' };
          documents.set(open.id, open);
          break;
        case 'clear':
          if (open) open.content = '';
          break;
        case 'text-delta':
        case 'code-delta':
        case 'sheet-delta':
          if (open) open.content += event.content;
          break;
      }
    }
  }
  return [...documents.values()];
}

import type { OutputItem } from '@/artifacts/code/execution/protocol';
import {
  EMPTY_SCREEN,
  renderTerminalText,
  writeToScreen,
} from '@/artifacts/code/execution/terminal';

/** Text items are merged up to this size, so that many lines need few elements. */
const MAX_BLOCK_CHARS = 4_000;

export type OutputList = readonly OutputItem[];

/** Collects output. Merges consecutive text of one stream, as a terminal would display it. */
export function createOutputCollector() {
  const items: OutputItem[] = [];
  let screen = EMPTY_SCREEN;
  return {
    add(item: OutputItem): void {
      if (item.type !== 'text') {
        const isTextItem = item.type === 'error' || item.type === 'value';
        items.push(isTextItem ? { ...item, text: renderTerminalText(item.text) } : item);
        return;
      }
      const last = items.at(-1);
      // Blocks end only at line breaks: the start of a line may still be overwritten.
      const isBlockFull =
        screen.finishedLines.length >= MAX_BLOCK_CHARS && screen.currentLine === '';
      const continuesBlock = last?.type === 'text' && last.stream === item.stream && !isBlockFull;
      screen = writeToScreen(continuesBlock ? screen : EMPTY_SCREEN, item.text);
      const block = { ...item, text: screen.finishedLines + screen.currentLine };
      if (continuesBlock) items[items.length - 1] = block;
      else items.push(block);
    },
    list: (): OutputList => [...items],
  };
}

import type { OutputItem } from '@/artifacts/code/run/protocol';
import { EMPTY_SCREEN, shownOf, write } from '@/artifacts/code/run/terminal';

/** Texts are put together up to this size, so that many lines are few elements. */
const BLOCK_CHARS = 4_000;

export type Output = readonly OutputItem[];

/** Collects what a program writes, texts of one stream in blocks, as a terminal would show them. */
export function createOutput() {
  const items: OutputItem[] = [];
  let screen = EMPTY_SCREEN;
  return {
    add(item: OutputItem): void {
      if (item.type !== 'text') {
        const isWords = item.type === 'error' || item.type === 'value';
        items.push(isWords ? { ...item, text: shownOf(item.text) } : item);
        return;
      }
      const last = items.at(-1);
      // A line is never cut in two: its beginning may still be written over.
      const full = screen.done.length >= BLOCK_CHARS && screen.line === '';
      const goesOn = last?.type === 'text' && last.stream === item.stream && !full;
      screen = write(goesOn ? screen : EMPTY_SCREEN, item.text);
      const shown = { ...item, text: screen.done + screen.line };
      if (goesOn) items[items.length - 1] = shown;
      else items.push(shown);
    },
    list: (): Output => [...items],
  };
}

import type { OutputItem } from '@/artifacts/code/run/protocol';

/** Texts are put together up to this size, so that many lines are few elements. */
const BLOCK_CHARS = 4_000;

export type Output = readonly OutputItem[];

/** Collects what a program writes, texts of one stream in blocks. */
export function createOutput() {
  let items: OutputItem[] = [];
  return {
    add(item: OutputItem): void {
      const last = items.at(-1);
      const goesOn =
        item.type === 'text' &&
        last?.type === 'text' &&
        last.stream === item.stream &&
        last.text.length < BLOCK_CHARS;
      if (goesOn) items = [...items.slice(0, -1), { ...last, text: last.text + item.text }];
      else items = [...items, item];
    },
    list: (): Output => items,
  };
}

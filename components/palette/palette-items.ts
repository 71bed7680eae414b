import type { ReactNode } from 'react';
import type { ShortcutAction } from '@/lib/protocol/shortcuts';
import { fuzzyScore } from '@/lib/shared/fuzzy-match';

export type PaletteGroup = 'Chats' | 'Actions' | 'Models';

export type PaletteItem = {
  id: string;
  group: PaletteGroup;
  label: string;
  icon: ReactNode;
  /** Other words by which it is found. */
  keywords?: string;
  /** Displayed at the end of the row. */
  detail?: string | undefined;
  shortcut?: ShortcutAction;
  /** The palette stays open. */
  keepsOpen?: boolean;
  run: () => void;
};

export type PaletteSection = { group: PaletteGroup; items: PaletteItem[] };

/** Items of each group without a query, and with one. */
const MAX_ITEMS: Record<PaletteGroup, [initial: number, found: number]> = {
  Chats: [5, 12],
  Actions: [20, 20],
  Models: [0, 12],
};

/**
 * Returns the items that match the query in sections: best match first, and the section with the
 * best match first. Without a query, the first items of each group in their order.
 */
export function matchItems(items: readonly PaletteItem[], query: string): PaletteSection[] {
  const hasQuery = query.trim() !== '';
  const scored = items.flatMap((item) => {
    const score = hasQuery ? scoreOf(item, query) : 0;
    return score === null ? [] : [{ item, score }];
  });
  if (hasQuery) scored.sort((a, b) => b.score - a.score);
  const sections = new Map<PaletteGroup, PaletteItem[]>();
  for (const { item } of scored) {
    const section = sections.get(item.group) ?? [];
    if (section.length < MAX_ITEMS[item.group][hasQuery ? 1 : 0]) section.push(item);
    if (section.length > 0) sections.set(item.group, section);
  }
  return [...sections].map(([group, found]) => ({ group, items: found }));
}

function scoreOf({ label, keywords }: PaletteItem, query: string): number | null {
  const score = fuzzyScore(query, label);
  if (score !== null || keywords === undefined) return score;
  return fuzzyScore(query, keywords);
}

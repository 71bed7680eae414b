import type { ChatSummary } from '@/lib/protocol/api';

export type HistoryGroup = { label: string; chats: ChatSummary[] };

/**
 * Groups chats (newest first) under date headings: Today, Yesterday, Previous 7 days, Previous 30
 * days, then by month. Days are calendar days in the user's time zone.
 */
export function groupByDate(
  chats: readonly ChatSummary[],
  now: Date,
  locale?: string,
): HistoryGroup[] {
  const startOfDay = (daysAgo: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime();
  const buckets = [
    { from: startOfDay(0), label: 'Today' },
    { from: startOfDay(1), label: 'Yesterday' },
    { from: startOfDay(7), label: 'Previous 7 days' },
    { from: startOfDay(30), label: 'Previous 30 days' },
  ];
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });

  const groups: HistoryGroup[] = [];
  for (const chat of chats) {
    const updatedAt = Date.parse(chat.updatedAt);
    const label = buckets.find(({ from }) => updatedAt >= from)?.label ?? month.format(updatedAt);
    const current = groups.at(-1);
    if (current?.label === label) current.chats.push(chat);
    else groups.push({ label, chats: [chat] });
  }
  return groups;
}

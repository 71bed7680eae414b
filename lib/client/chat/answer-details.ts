import type { UIMessage } from 'ai';
import { formatDuration } from '@/lib/client/browser/format-time';
import { findRunEnded, reasoningMsByPart } from '@/lib/client/chat/message-view';

export type AnswerDetail = { label: string; value: string };

/** Tokens per second below this are displayed with a decimal. */
const WHOLE_NUMBERS_FROM = 10;

/** Returns what is known about how the answer was generated, ready to display. */
export function answerDetails(
  message: UIMessage,
  modelName: string | null,
  locale?: string,
): AnswerDetail[] {
  const { usage, timing } = findRunEnded(message) ?? {};
  const { promptTokens = null, completionTokens = null } = usage ?? {};
  const { firstTokenMs, generationMs } = timing ?? {};
  const durations = [...reasoningMsByPart(message).values()];
  const details: Array<[label: string, value: string | null | false | undefined]> = [
    ['Model', modelName],
    ['Tokens in', promptTokens !== null && formatNumber(promptTokens, locale)],
    ['Tokens out', completionTokens !== null && formatNumber(completionTokens, locale)],
    [
      'Speed',
      completionTokens !== null &&
        generationMs !== undefined &&
        `${formatNumber((completionTokens * 1_000) / generationMs, locale)} tokens/s`,
    ],
    ['Time to first token', firstTokenMs !== undefined && formatDuration(firstTokenMs, locale)],
    [
      'Time thought',
      durations.length > 0 &&
        formatDuration(
          durations.reduce((sum, ms) => sum + ms),
          locale,
        ),
    ],
  ];
  return details.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function formatNumber(value: number, locale: string | undefined): string {
  const maximumFractionDigits = value < WHOLE_NUMBERS_FROM ? 1 : 0;
  return new Intl.NumberFormat(locale, { maximumFractionDigits }).format(value);
}

'use client';

import type { UIMessage } from 'ai';
import { AnchoredPopover } from '@/components/ui/anchored-popover';
import { formatExactTime, formatRelativeTime } from '@/lib/client/browser/format-time';
import { useNow } from '@/lib/client/browser/use-now';
import { answerDetails } from '@/lib/client/chat/answer-details';
import { findRunEnded } from '@/lib/client/chat/message-view';

type AnswerDetailsProps = {
  message: UIMessage;
  modelName: string | null;
  /** The message's button. */
  anchor: HTMLElement;
  onClose: () => void;
};

/** When and how an answer was generated. Default export, because it is lazy-loaded. */
export default function AnswerDetails({ message, modelName, ...popover }: AnswerDetailsProps) {
  const { endedAt } = findRunEnded(message) ?? {};
  const now = useNow();
  return (
    <AnchoredPopover
      {...popover}
      align="start"
      aria-label="Answer details"
      className="w-64 text-sm"
    >
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {endedAt && (
          <Detail label="Time">{<AnswerTime time={new Date(endedAt)} now={now} />}</Detail>
        )}
        {answerDetails(message, modelName).map(({ label, value }) => (
          <Detail key={label} label={label}>
            {value}
          </Detail>
        ))}
      </dl>
    </AnchoredPopover>
  );
}

function Detail({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{label}</dt>
      <dd className="min-w-0 text-end tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

/** Relative; exact on hover, and below it where there is no hover. */
function AnswerTime({ time, now }: { time: Date; now: number }) {
  const exact = formatExactTime(time);
  return (
    <time dateTime={time.toISOString()} title={exact}>
      {formatRelativeTime(time, now)}
      <span className="block text-muted-foreground text-xs pointer-fine:sr-only">{exact}</span>
    </time>
  );
}

'use client';

import { Logo } from '@/components/ui/logo';
import type { Continuation } from '@/lib/protocol/messages';

const REASONS: Partial<Record<Continuation['after'], string>> = {
  interrupted: ' after a restart',
  stopped: ' after a stop',
  failed: ' after an error',
};

type ThreadKnotsProps = {
  continuations: readonly Continuation[];
  /** Number of characters of the answer's text. */
  chars: number;
};

/** A knot in the line left of an answer for each time that it was continued, about where it was. */
export default function ThreadKnots({ continuations, chars }: ThreadKnotsProps) {
  return continuations.map((continuation) => {
    const label = labelOf(continuation);
    return (
      <span
        key={continuation.at}
        role="img"
        aria-label={label}
        title={label}
        className="thread-knot"
        style={{
          insetBlockStart: `${Math.min(1, continuation.chars / Math.max(1, chars)) * 100}%`,
        }}
      >
        <Logo className="size-full rotate-90" />
      </span>
    );
  });
}

/** For example "Continued 14:05 after a restart"; with the date if it was not today. */
function labelOf({ at, after }: Continuation): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  const format = new Intl.DateTimeFormat(undefined, {
    ...(!isToday && { dateStyle: 'medium' }),
    timeStyle: 'short',
  });
  return `Continued ${format.format(time)}${REASONS[after] ?? ''}`;
}

'use client';

import type { UIMessage } from 'ai';
import { lazy, useState } from 'react';
import { Reasoning } from '@/components/chat/reasoning';
import { Markdown } from '@/components/markdown/markdown';
import { Button } from '@/components/ui/button';
import { LazySection } from '@/components/ui/lazy-section';
import { Logo } from '@/components/ui/logo';
import { reasoningMsByPart } from '@/lib/client/chat/message-view';
import type { ToolInvocation } from '@/lib/protocol/messages';

/** Loaded for the first answer with a tool call, and before a message is sent. */
export const loadToolCall = () => import('@/components/chat/tool-call');
const ToolCall = lazy(() => loadToolCall().then((module) => ({ default: module.ToolCall })));
const WaitingTime = lazy(() => import('@/components/chat/waiting-time'));

type Part = UIMessage['parts'][number];

type AssistantPartsProps = {
  message: UIMessage;
  running: boolean;
  /** New content was requested, and none of it has arrived yet. */
  waiting: boolean;
};

/** Number of parts displayed at first, and of those added with each "Show earlier parts". */
const PARTS_PER_PAGE = 60;

/** The parts of an answer, in order. While it is running, only the last one may still grow. */
export function AssistantParts({ message, running, waiting }: AssistantPartsProps) {
  const visibleParts = message.parts.filter(isVisible);
  const durations = reasoningMsByPart(message);
  const lastPart = visibleParts.at(-1);
  const [pages, setPages] = useState(1);
  const first = Math.max(0, visibleParts.length - PARTS_PER_PAGE * pages);
  return (
    <>
      {first > 0 && (
        <Button variant="outline" size="sm" className="w-fit" onClick={() => setPages(pages + 1)}>
          {`Show earlier parts (${first} hidden)`}
        </Button>
      )}
      {visibleParts.slice(first).map((part, index) => (
        <PartView
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only appended
          key={first + index}
          part={part}
          running={running}
          streaming={running && !waiting && part === lastPart}
          reasoningMs={durations.get(part)}
        />
      ))}
      {running && (waiting || !lastPart || isFinished(lastPart)) && <WaitingIndicator />}
    </>
  );
}

function isVisible(part: Part): boolean {
  if (part.type === 'text') return part.text.trim() !== '';
  if (part.type === 'reasoning') return part.reasoning.trim() !== '';
  return part.type !== 'step-start';
}

/** Whether the part is complete, so that the model is generating the next one. */
function isFinished(part: Part): boolean {
  return part.type === 'tool-invocation' && part.toolInvocation.state === 'result';
}

type PartViewProps = {
  part: Part;
  running: boolean;
  streaming: boolean;
  reasoningMs: number | undefined;
};

function PartView({ part, running, streaming, reasoningMs }: PartViewProps) {
  switch (part.type) {
    case 'text':
      return <Markdown text={part.text} streaming={streaming} />;
    case 'reasoning':
      return <Reasoning text={part.reasoning} streaming={streaming} ms={reasoningMs} />;
    case 'tool-invocation':
      return (
        <LazySection>
          <ToolCall invocation={part.toolInvocation as ToolInvocation} running={running} />
        </LazySection>
      );
    case 'source':
      return <Markdown text={`Source: [${part.source.title ?? 'page'}](<${part.source.url}>)`} />;
    case 'file':
      return (
        <a
          className="w-fit text-primary text-sm underline underline-offset-4"
          href={`data:${part.mimeType};base64,${part.data}`}
          download
        >
          Download file
        </a>
      );
    default:
      return null;
  }
}

/** Displayed while the next content is awaited. */
export function WaitingIndicator() {
  return (
    <div
      className="flex h-7 min-w-0 items-center gap-2.5"
      role="status"
      aria-label="Waiting for the answer"
    >
      <Logo className="draw-logo size-6 shrink-0 text-live forced-colors:text-[Highlight]" />
      <LazySection>
        <WaitingTime />
      </LazySection>
    </div>
  );
}

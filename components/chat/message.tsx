'use client';

import type { UIMessage } from 'ai';
import { memo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AssistantParts } from '@/components/chat/assistant-parts';
import { CopyButton } from '@/components/chat/copy-button';
import { Ending } from '@/components/chat/ending';
import { UserText } from '@/components/chat/user-text';
import { type SelectVersion, VersionSwitcher } from '@/components/chat/version-switcher';
import { canContinue, modelRefOf, runEnded, textOfMessage } from '@/lib/client/chat/message-view';
import { elementIdOf } from '@/lib/client/chat/use-pointed';
import { cn } from '@/lib/client/utils';
import { hasContent } from '@/lib/protocol/has-content';

export type MessageProps = {
  message: UIMessage;
  /** Whether this answer is being made right now. */
  live: boolean;
  /** Whether what is shown of it was there before, and the model is at work on more. */
  waiting: boolean;
  /** Whether it is the last one: only that can be tried again or gone on with. */
  last: boolean;
  /** Ids of all its versions, oldest first; undefined where it is the only one. */
  versions: readonly string[] | undefined;
  /** Whether another version cannot be opened now. */
  locked: boolean;
  onSelectVersion: SelectVersion;
  modelName: (ref: string) => string;
  onRetry: () => void;
  onContinue: () => void;
};

/** One message. Memoised: while an answer streams only its own row is drawn again. */
export const Message = memo(function Message(props: MessageProps) {
  return props.message.role === 'user' ? (
    <UserMessage {...props} />
  ) : (
    <AssistantMessage {...props} />
  );
});

/** Rows that are off the screen cost no layout; the height they had is remembered. */
const ROW = '[content-visibility:auto] print:[content-visibility:visible]';
/** A document can point at it. */
const TARGET = 'group/message scroll-mt-4 rounded-lg';
/** Shown on hover and focus where there is a mouse, always where there is none. */
const QUIET =
  'transition-opacity pointer-fine:opacity-0 group-hover/message:opacity-100 group-focus-within/message:opacity-100';

/** Nothing for a message that is the only one in its place. */
function Switcher({ message, versions, locked, onSelectVersion }: MessageProps) {
  if (!versions?.includes(message.id)) return null;
  const shown = { versions, shown: message.id, locked };
  return <VersionSwitcher {...shown} onSelect={onSelectVersion} />;
}

function UserMessage(props: MessageProps) {
  const { message } = props;
  const text = textOfMessage(message);
  return (
    <article
      id={elementIdOf(message.id)}
      aria-label="You"
      className={cn(
        ROW,
        TARGET,
        '[contain-intrinsic-size:auto_4.5rem] -mb-5 flex flex-col items-end gap-1 pl-8',
      )}
    >
      <UserText text={text} />
      <div className="flex items-center gap-1">
        <Switcher {...props} />
        <CopyButton text={() => text} label="Copy message" className={QUIET} />
      </div>
    </article>
  );
}

function AssistantMessage(props: MessageProps) {
  const { message, live, waiting, last, modelName, onRetry, onContinue } = props;
  const ref = modelRefOf(message);
  return (
    <article
      id={elementIdOf(message.id)}
      aria-label="Assistant"
      aria-busy={live}
      className={cn(
        !live && !last && ROW,
        // Always, so that a row knows its height when it stops being the last one: without it the
        // view of somebody who reads there would jump.
        'flex min-w-0 flex-col gap-3 [contain-intrinsic-size:auto_24rem]',
        TARGET,
      )}
    >
      <ErrorBoundary fallbackRender={() => <AsWritten text={textOfMessage(message)} />}>
        <AssistantParts message={message} live={live} waiting={waiting} />
      </ErrorBoundary>
      {!live && (
        <Ending
          ended={runEnded(message)}
          arrived={hasContent(message.parts)}
          onRetry={last ? onRetry : undefined}
          onContinue={last && canContinue(message) ? onContinue : undefined}
          switcher={<Switcher {...props} />}
          copy={<CopyButton text={() => textOfMessage(message)} label="Copy answer" />}
          model={ref ? modelName(ref) : null}
          quiet={last ? '' : QUIET}
        />
      )}
    </article>
  );
}

/** An answer that could not be drawn, as the model wrote it; the other messages are as they were. */
function AsWritten({ text }: { text: string }) {
  return (
    <>
      <p role="alert" className="text-destructive-text text-sm">
        This answer could not be formatted. This is its text.
      </p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text.slice(0, MAX_AS_WRITTEN)}
      </p>
    </>
  );
}

/** Characters. "Copy answer" has all of them. */
const MAX_AS_WRITTEN = 150_000;

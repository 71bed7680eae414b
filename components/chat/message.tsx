'use client';

import type { UIMessage } from 'ai';
import { memo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AnswerFooter } from '@/components/chat/answer-footer';
import { AssistantParts } from '@/components/chat/assistant-parts';
import { BranchPicker, type SelectBranch } from '@/components/chat/branch-picker';
import { UserMessageText } from '@/components/chat/user-message-text';
import { cn } from '@/components/ui/class-names';
import { CopyButton } from '@/components/ui/copy-button';
import {
  canContinue,
  findRunEnded,
  modelRefOf,
  textOfMessage,
} from '@/lib/client/chat/message-view';
import { messageElementId } from '@/lib/client/chat/use-scroll-to-message';
import { hasContent } from '@/lib/protocol/has-content';

export type MessageProps = {
  message: UIMessage;
  /** Whether this answer is running. */
  running: boolean;
  /** Whether new content was requested and only earlier content is displayed. */
  waiting: boolean;
  /** Whether it is the last one: only that can be regenerated or continued. */
  isLast: boolean;
  /** Ids of all siblings, including this message, oldest first; undefined if it has none. */
  siblings: readonly string[] | undefined;
  /** Whether the branch cannot be changed now. */
  branchLocked: boolean;
  onSelectBranch: SelectBranch;
  modelName: (ref: string) => string;
  onRegenerate: () => void;
  onContinue: () => void;
};

/** One message. Memoized: while an answer streams, only its own row re-renders. */
export const Message = memo(function Message(props: MessageProps) {
  return props.message.role === 'user' ? (
    <UserMessage {...props} />
  ) : (
    <AssistantMessage {...props} />
  );
});

/** Rows outside the viewport skip layout; the browser remembers their height. */
const OFFSCREEN_ROW_CLASS = '[content-visibility:auto] print:[content-visibility:visible]';
/** For messages that a document can link to. */
const SCROLL_TARGET_CLASS = 'group/message scroll-mt-4 rounded-lg';
/** Visible on hover and focus with a mouse, always visible on touch screens. */
const HIDDEN_UNTIL_HOVER_CLASS =
  'transition-opacity pointer-fine:opacity-0 group-hover/message:opacity-100 group-focus-within/message:opacity-100';

/** Renders nothing for a message without siblings. */
function MessageBranchPicker({ message, siblings, branchLocked, onSelectBranch }: MessageProps) {
  if (!siblings?.includes(message.id)) return null;
  const pickerProps = { siblings, currentId: message.id, locked: branchLocked };
  return <BranchPicker {...pickerProps} onSelect={onSelectBranch} />;
}

function UserMessage(props: MessageProps) {
  const { message } = props;
  const text = textOfMessage(message);
  return (
    <article
      id={messageElementId(message.id)}
      aria-label="You"
      className={cn(
        OFFSCREEN_ROW_CLASS,
        SCROLL_TARGET_CLASS,
        '[contain-intrinsic-size:auto_4.5rem] -mb-5 flex flex-col items-end gap-1 pl-8',
      )}
    >
      <UserMessageText text={text} />
      <div className="flex items-center gap-1">
        <MessageBranchPicker {...props} />
        <CopyButton
          getText={() => text}
          label="Copy message"
          className={HIDDEN_UNTIL_HOVER_CLASS}
        />
      </div>
    </article>
  );
}

function AssistantMessage(props: MessageProps) {
  const { message, running, waiting, isLast, modelName, onRegenerate, onContinue } = props;
  const ref = modelRefOf(message);
  return (
    <article
      id={messageElementId(message.id)}
      aria-label="Assistant"
      aria-busy={running}
      className={cn(
        !running && !isLast && OFFSCREEN_ROW_CLASS,
        // Always set, so that the row has a known height when it is no longer the last one:
        // otherwise the scroll position would jump.
        'flex min-w-0 flex-col gap-3 [contain-intrinsic-size:auto_24rem]',
        SCROLL_TARGET_CLASS,
      )}
    >
      <ErrorBoundary fallbackRender={() => <UnformattedText text={textOfMessage(message)} />}>
        <AssistantParts message={message} running={running} waiting={waiting} />
      </ErrorBoundary>
      {!running && (
        <AnswerFooter
          runEnded={findRunEnded(message)}
          hasContent={hasContent(message.parts)}
          onRegenerate={isLast ? onRegenerate : undefined}
          onContinue={isLast && canContinue(message) ? onContinue : undefined}
          branchPicker={<MessageBranchPicker {...props} />}
          copyButton={<CopyButton getText={() => textOfMessage(message)} label="Copy answer" />}
          modelName={ref ? modelName(ref) : null}
          hiddenUntilHoverClass={isLast ? '' : HIDDEN_UNTIL_HOVER_CLASS}
        />
      )}
    </article>
  );
}

/** The raw text of an answer that failed to render. Other messages are not affected. */
function UnformattedText({ text }: { text: string }) {
  return (
    <>
      <p role="alert" className="text-destructive-text text-sm">
        Couldn’t format this answer. It’s shown as plain text.
      </p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text.slice(0, MAX_UNFORMATTED_CHARS)}
      </p>
    </>
  );
}

/** "Copy answer" copies the whole text. */
const MAX_UNFORMATTED_CHARS = 150_000;

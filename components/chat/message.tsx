'use client';

import type { UIMessage } from 'ai';
import { Ellipsis, Info, Pencil, Split } from 'lucide-react';
import { type ComponentProps, lazy, memo, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AnswerFooter } from '@/components/chat/answer-footer';
import { AnswerStatus } from '@/components/chat/answer-status';
import { AssistantParts } from '@/components/chat/assistant-parts';
import type { SelectBranch } from '@/components/chat/branch-picker';
import type { OverlayKind } from '@/components/chat/message-overlay';
import { UnformattedText } from '@/components/chat/unformatted-text';
import { UserMessageText } from '@/components/chat/user-message-text';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { CopyButton } from '@/components/ui/copy-button';
import { LazySection } from '@/components/ui/lazy-section';
import { Tooltip } from '@/components/ui/tooltip';
import {
  canContinue,
  continuationsOf,
  findRunEnded,
  modelRefOf,
  textOfMessage,
  threadEnd,
} from '@/lib/client/chat/message-view';
import type { MessageEdit } from '@/lib/client/chat/use-message-edit';
import { messageElementId } from '@/lib/client/chat/use-scroll-to-message';
import { hasContent } from '@/lib/protocol/has-content';

const EditMessage = lazy(() => import('@/components/chat/edit-message'));
const BranchPicker = lazy(() => import('@/components/chat/branch-picker'));
const ThreadKnots = lazy(() => import('@/components/chat/thread-knots'));

export type MessageProps = {
  message: UIMessage;
  /** Whether this answer is running. */
  running: boolean;
  /** Whether new content was requested and only earlier content is displayed. */
  waiting: boolean;
  /** Whether it is the last one: only that can be continued. */
  isLast: boolean;
  /** Ids of all siblings, including this message, oldest first; undefined if it has none. */
  siblings: readonly string[] | undefined;
  /** Whether the chat is no longer available, so nothing can be changed. */
  isReadOnly: boolean;
  /** Which overlay is open at a button of this message. */
  openOverlay: OverlayKind | null;
  /** The edit of this message, if it is being edited. */
  edit: MessageEdit | null;
  modelName: (ref: string) => string;
  actions: MessageActions;
};

/** The same object in every render, so that unchanged rows do not re-render. */
export type MessageActions = {
  selectBranch: SelectBranch;
  startEdit: (messageId: string) => void;
  regenerate: (messageId: string) => void;
  continueAnswer: () => void;
  fork: (messageId: string) => void;
  /** Opens an overlay at a button, or closes it if it is open. */
  toggleOverlay: (kind: OverlayKind, messageId: string, anchor: HTMLElement) => void;
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
function MessageBranchPicker({ message, siblings, isReadOnly, actions }: MessageProps) {
  if (!siblings?.includes(message.id)) return null;
  const pickerProps = { siblings, currentId: message.id, locked: isReadOnly };
  return (
    <LazySection>
      <BranchPicker {...pickerProps} onSelect={actions.selectBranch} />
    </LazySection>
  );
}

function UserMessage(props: MessageProps) {
  const { message, edit, isReadOnly, actions } = props;
  const text = textOfMessage(message);
  const editing = edit?.messageId === message.id ? edit : null;
  return (
    <article
      id={messageElementId(message.id)}
      aria-label="You"
      className={cn(
        !editing && OFFSCREEN_ROW_CLASS,
        SCROLL_TARGET_CLASS,
        '[contain-intrinsic-size:auto_4.5rem] flex flex-col items-end gap-1 pl-8',
        !editing && '-mb-5',
      )}
    >
      {editing ? (
        <MessageEditor text={text} edit={editing} />
      ) : (
        <>
          <UserMessageText text={text} />
          <div className="flex items-center gap-1">
            <MessageBranchPicker {...props} />
            <div className={cn('flex items-center gap-0.5', HIDDEN_UNTIL_HOVER_CLASS)}>
              <CopyButton getText={() => text} label="Copy message" />
              {!isReadOnly && (
                <>
                  <ActionButton label="Edit" onClick={() => actions.startEdit(message.id)}>
                    <Pencil />
                  </ActionButton>
                  <MessageActionButtons {...props} />
                </>
              )}
            </div>
          </div>
        </>
      )}
    </article>
  );
}

/** The editor is lazy-loaded; meanwhile the message stays as it is. */
function MessageEditor({ text, edit }: { text: string; edit: MessageEdit }) {
  return (
    <ErrorBoundary fallback={<UserMessageText text={text} />}>
      <Suspense fallback={<UserMessageText text={text} />}>
        <EditMessage
          initialText={edit.draft() ?? text}
          onChange={edit.setDraft}
          onSend={edit.send}
          onCancel={edit.cancel}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

function ActionButton({
  label,
  ...button
}: { label: string } & Pick<
  ComponentProps<typeof Button>,
  'onClick' | 'children' | 'aria-haspopup' | 'aria-expanded'
>) {
  return (
    <Tooltip label={label}>
      <Button variant="ghost" size="icon-xs" aria-label={label} {...button} />
    </Tooltip>
  );
}

/** The actions of both kinds of messages. */
function MessageActionButtons({ message, siblings, openOverlay, actions }: MessageProps) {
  return (
    <>
      <ActionButton label="New chat from here" onClick={() => actions.fork(message.id)}>
        <Split />
      </ActionButton>
      {(message.role === 'assistant' || siblings) && (
        <ActionButton
          label="More actions"
          aria-haspopup="menu"
          aria-expanded={openOverlay === 'menu'}
          onClick={(event) => actions.toggleOverlay('menu', message.id, event.currentTarget)}
        >
          <Ellipsis />
        </ActionButton>
      )}
    </>
  );
}

function DetailsButton({ message, openOverlay, actions }: MessageProps) {
  return (
    <ActionButton
      label="Answer details"
      aria-haspopup="dialog"
      aria-expanded={openOverlay === 'details'}
      onClick={(event) => actions.toggleOverlay('details', message.id, event.currentTarget)}
    >
      <Info />
    </ActionButton>
  );
}

function AssistantMessage(props: MessageProps) {
  const { message, running, waiting, isLast, isReadOnly, modelName, actions } = props;
  const ref = modelRefOf(message);
  const endProps = {
    runEnded: findRunEnded(message),
    isLast,
    onRegenerate: isReadOnly ? undefined : () => actions.regenerate(message.id),
  };
  const isContinuable = canContinue(message);
  const continuations = continuationsOf(message);
  return (
    <article
      id={messageElementId(message.id)}
      aria-label="Assistant"
      data-message-role="assistant"
      aria-busy={running}
      className={cn(
        !running && !isLast && OFFSCREEN_ROW_CLASS,
        // Always set, so that the row has a known height when it is no longer the last one:
        // otherwise the scroll position would jump.
        '-ml-4 flex min-w-0 flex-col gap-3 pl-4 sm:-ml-6 sm:pl-6 [contain-intrinsic-size:auto_24rem]',
        SCROLL_TARGET_CLASS,
      )}
    >
      <div className="thread" data-end={threadEnd(message, running)}>
        <ErrorBoundary fallbackRender={() => <UnformattedText text={textOfMessage(message)} />}>
          <AssistantParts message={message} running={running} waiting={waiting} />
        </ErrorBoundary>
        {!running && (
          <AnswerStatus
            {...endProps}
            hasContent={hasContent(message.parts)}
            onContinue={isLast && isContinuable ? actions.continueAnswer : undefined}
          />
        )}
        {continuations.length > 0 && (
          <LazySection>
            <ThreadKnots continuations={continuations} chars={textOfMessage(message).length} />
          </LazySection>
        )}
      </div>
      {!running && (
        <AnswerFooter
          {...endProps}
          branchPicker={<MessageBranchPicker {...props} />}
          copyButton={<CopyButton getText={() => textOfMessage(message)} label="Copy answer" />}
          moreActions={
            <>
              {!isReadOnly && <MessageActionButtons {...props} />}
              <DetailsButton {...props} />
            </>
          }
          modelName={ref ? modelName(ref) : null}
          hiddenUntilHoverClass={isLast ? '' : HIDDEN_UNTIL_HOVER_CLASS}
        />
      )}
    </article>
  );
}

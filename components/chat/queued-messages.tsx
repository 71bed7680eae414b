'use client';

import type { UIMessage } from 'ai';
import { ArrowDown, ArrowUp, ListOrdered, Pencil, Trash2, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import EditMessage from '@/components/chat/edit-message';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { toast } from '@/lib/client/browser/toast';
import { joinParagraphs } from '@/lib/client/chat/draft/draft-store';
import { MessageDraft } from '@/lib/client/chat/draft/message-draft';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { queueUrl } from '@/lib/client/chat/queue/queue-message';
import { isWaiting, queueOfBranch } from '@/lib/client/chat/queue/queue-view';
import { useMessageQueue } from '@/lib/client/chat/queue/use-message-queue';
import { api } from '@/lib/client/http/api';
import type { QueuedMessage, SendQueuedBody, UpdateQueuedBody } from '@/lib/protocol/api';

type QueuedMessagesProps = {
  chatId: string;
  /** The displayed messages. */
  messages: readonly UIMessage[];
  draftName: string;
  /** Called when it changes whether displayed messages are sent without the user. */
  onWaitingChange: (hasWaiting: boolean) => void;
  onError: (message: string | null) => void;
};

/**
 * The queued messages above the message box; nothing if there are none. Default export, because it
 * is lazy-loaded.
 */
export default function QueuedMessages({
  chatId,
  messages,
  draftName,
  onWaitingChange,
  onError,
}: QueuedMessagesProps) {
  const { queue, changeQueue } = useMessageQueue(chatId, onError);
  const queued = useMemo(() => queueOfBranch(queue, messages), [queue, messages]);
  const hasWaiting = queued.some(isWaiting);
  useEffect(() => {
    onWaitingChange(hasWaiting);
    return () => onWaitingChange(false);
  }, [hasWaiting, onWaitingChange]);
  const list = useRef<HTMLUListElement>(null);
  /** The button to focus once the list has changed. */
  const pendingFocus = useRef<{ id: string; label: string } | null>(null);
  const edit = useQueueEdit(queued, draftName);
  const [first] = queued;
  const order = queued.map(({ id }) => id).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list has changed
  useEffect(() => {
    const { current: target } = pendingFocus;
    if (!target) return;
    pendingFocus.current = null;
    const row = list.current?.querySelector(`[data-queued="${target.id}"]`);
    const button = row?.querySelector<HTMLElement>(`[aria-label="${target.label}"]`);
    if (button) button.focus({ preventScroll: true });
    else focusComposer();
  }, [order, edit.id]);

  if (!first) return null;

  const itemUrl = (id: string) => `${queueUrl(chatId)}/${id}`;
  const update = (id: string, json: UpdateQueuedBody) =>
    changeQueue(() => api(itemUrl(id), { method: 'PATCH', json }));

  function move(id: string, label: string, index: number) {
    if (index < 0 || index >= queued.length) return;
    pendingFocus.current = { id, label };
    update(id, { index });
  }

  function remove(id: string) {
    const index = queued.findIndex((item) => item.id === id);
    const next = queued[index + 1] ?? queued[index - 1];
    pendingFocus.current = { id: next?.id ?? '', label: 'Delete' };
    changeQueue(() => api(itemUrl(id), { method: 'DELETE' }));
  }

  function sendNow({ id, answerId }: QueuedMessage) {
    const json: SendQueuedBody = { answerId };
    changeQueue(() => api(`${itemUrl(id)}/send`, { method: 'POST', json }));
    focusComposer();
  }

  async function save(id: string, text: string) {
    if (!(await update(id, { text }))) return 'rejected';
    closeEdit(id);
    return 'accepted';
  }

  function closeEdit(id: string) {
    pendingFocus.current = { id, label: 'Edit' };
    edit.close();
  }

  return (
    <div className="mx-auto mb-2 w-full max-w-column px-3 sm:px-4">
      <div className="rounded-2xl border bg-muted py-1 text-sm">
        <QueueStatus first={first} />
        <ul
          ref={list}
          aria-label="Queued messages"
          className="max-h-[min(32dvh,18rem)] overflow-y-auto"
        >
          {queued.map((item, index) => (
            <li
              key={item.id}
              data-queued={item.id}
              className="flex flex-wrap items-center justify-end gap-x-2 border-t px-3 py-1 [&>form]:max-w-none"
            >
              {edit.id === item.id ? (
                <EditMessage
                  label="Edit queued message"
                  submitLabel="Save"
                  initialText={item.text}
                  onChange={edit.setText}
                  onSend={(text) => save(item.id, text)}
                  onCancel={() => closeEdit(item.id)}
                />
              ) : (
                <>
                  <p
                    dir="auto"
                    className="line-clamp-2 min-w-40 flex-1 whitespace-pre-wrap py-1 [overflow-wrap:anywhere]"
                  >
                    {item.text.slice(0, MAX_PREVIEW_CHARS)}
                  </p>
                  <div className="flex items-center gap-0.5">
                    {item === first && (
                      <Button
                        variant="outline"
                        size="sm"
                        className="mr-1"
                        onClick={() => sendNow(item)}
                      >
                        Send now
                      </Button>
                    )}
                    <ItemButton label="Edit" onClick={() => edit.start(item)}>
                      <Pencil />
                    </ItemButton>
                    {queued.length > 1 && (
                      <>
                        <ItemButton
                          label="Move up"
                          isDisabled={index === 0}
                          onClick={() => move(item.id, 'Move up', index - 1)}
                        >
                          <ArrowUp />
                        </ItemButton>
                        <ItemButton
                          label="Move down"
                          isDisabled={index === queued.length - 1}
                          onClick={() => move(item.id, 'Move down', index + 1)}
                        >
                          <ArrowDown />
                        </ItemButton>
                      </>
                    )}
                    <ItemButton label="Delete" onClick={() => remove(item.id)}>
                      <Trash2 />
                    </ItemButton>
                  </div>
                </>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Two lines are displayed. */
const MAX_PREVIEW_CHARS = 500;

const NOT_SENT_REASONS: Partial<Record<QueuedMessage['answerStatus'], string>> = {
  stopped: 'the answer was stopped.',
  interrupted: 'the answer was interrupted.',
  failed: 'the answer failed.',
};

function QueueStatus({ first }: { first: QueuedMessage }) {
  const waiting = isWaiting(first);
  const Icon = waiting ? ListOrdered : TriangleAlert;
  return (
    <p role="status" className="flex items-center gap-2 px-3 py-1 text-muted-foreground">
      <Icon aria-hidden="true" className="size-3.5 shrink-0" />
      {waiting
        ? 'Queued. Sent once the answer ends.'
        : `Not sent: ${NOT_SENT_REASONS[first.answerStatus] ?? first.error?.message}`}
    </p>
  );
}

function ItemButton({
  label,
  isDisabled = false,
  onClick,
  children,
}: {
  label: string;
  /** Not `disabled`: the button keeps the focus when its message has reached the end of the list. */
  isDisabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <Button
        variant="ghost"
        size="icon-xs"
        aria-label={label}
        aria-disabled={isDisabled}
        onClick={onClick}
      >
        {children}
      </Button>
    </Tooltip>
  );
}

/**
 * The message that is being edited. If it is sent or deleted meanwhile, the changed text moves to the
 * message box.
 */
function useQueueEdit(queued: readonly QueuedMessage[], draftName: string) {
  const [id, setId] = useState<string | null>(null);
  const changedText = useRef<string | null>(null);
  const isGone = id !== null && !queued.some((item) => item.id === id);
  useEffect(() => {
    if (!isGone) return;
    setId(null);
    if (changedText.current === null) return;
    const draft = MessageDraft.getOrCreate(draftName);
    draft.setText(joinParagraphs(draft.text, changedText.current));
    changedText.current = null;
    toast.info('The message is no longer queued. Your changed text is in the message box.');
  }, [isGone, draftName]);
  return {
    id,
    start: (item: QueuedMessage) => {
      changedText.current = null;
      setId(item.id);
    },
    setText: (text: string) => {
      changedText.current = text;
    },
    close: () => {
      changedText.current = null;
      setId(null);
    },
  };
}

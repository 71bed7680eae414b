'use client';

import type { UIMessage } from 'ai';
import { useEffect } from 'react';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { modelRefOf } from '@/lib/client/chat/message-view';

export type OverlayKind = 'menu' | 'details';
/** What is open at a button of a message: one for all messages. */
export type Overlay = { kind: OverlayKind; messageId: string; anchor: HTMLElement };

const loadMenu = () => import('@/components/chat/message-menu');
const loadDetails = () => import('@/components/chat/answer-details');

type MessageOverlayProps = {
  kind: OverlayKind;
  message: UIMessage;
  anchor: HTMLElement;
  modelName: (ref: string) => string;
  /** Undefined for a user message. */
  onRegenerateWith: ((modelRef: string) => void) | undefined;
  /** Undefined for a message without siblings. */
  onDelete: (() => void) | undefined;
  onClose: () => void;
};

/** Loads and displays the overlay. Open while mounted. */
export function MessageOverlay({
  kind,
  message,
  anchor,
  modelName,
  onRegenerateWith,
  onDelete,
  onClose,
}: MessageOverlayProps) {
  const [MessageMenu, requestMenu] = useLazyComponent(loadMenu);
  const [AnswerDetails, requestDetails] = useLazyComponent(loadDetails);
  const request = { menu: requestMenu, details: requestDetails }[kind];
  // biome-ignore lint/correctness/useExhaustiveDependencies: requested once, at the click
  useEffect(() => request(onClose), [request]);
  const props = { anchor, onClose };
  if (kind === 'details') {
    const ref = modelRefOf(message);
    return (
      AnswerDetails && (
        <AnswerDetails {...props} message={message} modelName={ref ? modelName(ref) : null} />
      )
    );
  }
  return (
    MessageMenu && (
      <MessageMenu
        {...props}
        message={message}
        onRegenerateWith={onRegenerateWith}
        onDelete={onDelete}
      />
    )
  );
}

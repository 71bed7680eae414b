'use client';

import { lazy, useState } from 'react';
import { LazySection } from '@/components/ui/lazy-section';
import { useDocumentState } from '@/lib/client/documents/document-store-context';
import type { StoredMessage } from '@/lib/protocol/messages';
import { DOCUMENT_LABELS } from '@/tools/registry/cards';

const DocumentsMenuButton = lazy(() => import('@/components/documents/documents-menu-button'));

type DocumentsButtonProps = { chatId: string; messages: readonly StoredMessage[] };

/** Opens the menu of the chat's documents. Loads nothing for a chat without documents. */
export function DocumentsButton({ chatId, messages }: DocumentsButtonProps) {
  const [hasStoredDocuments] = useState(() => messages.some(hasDocument));
  const hasStreamed = useDocumentState(({ streamed }) => streamed !== null);
  if (!hasStoredDocuments && !hasStreamed) return null;
  return (
    <LazySection>
      <DocumentsMenuButton chatId={chatId} />
    </LazySection>
  );
}

function hasDocument({ parts }: StoredMessage): boolean {
  return parts.some(
    (part) => part.type === 'tool-invocation' && DOCUMENT_LABELS.has(part.toolInvocation.toolName),
  );
}

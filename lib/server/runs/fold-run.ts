/** Folds the lines of a run into its message and documents, independent of how it ended. */

import { type FoldedDocument, foldDocuments } from '@/lib/protocol/fold-documents';
import { type FoldedMessage, foldLines } from '@/lib/protocol/fold-message';
import { formatLine, splitLines } from '@/lib/protocol/lines';
import type { DocumentToolResult, MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';

/** The `writingId` of a version: tool call ids are unique only within their run. */
export function writingKey(runId: string, writingId: string): string {
  return `${runId}:${writingId}`;
}

type FoldedRun = FoldedMessage & {
  documents: FoldedDocument[];
  /** Lines that precede the end of the run; they are already folded into the message. */
  closingLines: string;
};

/**
 * Folds all lines of a run. A tool call that was writing a document when the run ended has no
 * result. It gets one here, so that the message links to the partial document and a model that
 * continues the answer knows about it.
 */
export function foldRun(
  runId: string,
  lines: string[],
  status: RunEndedAnnotation['status'],
): FoldedRun {
  const folded = foldLines(lines);
  const documents = foldDocuments(lines);
  const openCallIds = findOpenCalls(folded.parts);
  const closing = documents
    .filter(({ writingId }) => openCallIds.has(writingId))
    .map((document) =>
      formatLine('a', {
        toolCallId: document.writingId,
        result: toolResultFor(runId, document, status),
      }),
    )
    .join('');
  if (closing === '') return { ...folded, documents, closingLines: closing };
  return { ...foldLines([...lines, ...splitLines(closing)]), documents, closingLines: closing };
}

function findOpenCalls(parts: MessagePart[]): Set<string> {
  return new Set(
    parts.flatMap((part) =>
      part.type === 'tool-invocation' && part.toolInvocation.state === 'call'
        ? [part.toolInvocation.toolCallId]
        : [],
    ),
  );
}

function toolResultFor(
  runId: string,
  { id, title, kind, writingId, complete }: FoldedDocument,
  status: RunEndedAnnotation['status'],
): DocumentToolResult {
  const reference = { id, title, kind, writing: writingKey(runId, writingId) };
  if (complete) return { ...reference, content: 'It is written.' };
  const error = `${INTERRUPTION_MESSAGES[status]} What was written until then is kept.`;
  return { ...reference, error, ...(status === 'stopped' && { stopped: true }) };
}

const INTERRUPTION_MESSAGES = {
  stopped: 'The writing was stopped.',
  interrupted: 'The writing was interrupted.',
  failed: 'The writing was cut off.',
  complete: 'The writing was cut off.',
} as const;

/**
 * Streams a document version to the page and saves it. Content that was delivered is persisted,
 * even if writing fails.
 */

import { LIMITS } from '@/lib/protocol/api';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { AppError } from '@/lib/protocol/errors';
import type { DocumentToolResult } from '@/lib/protocol/messages';
import { deltaType } from '@/lib/protocol/stream-events';
import { type ContentChunk, RESTART } from '@/lib/server/documents/content-chunks';
import { addDocument } from '@/lib/server/documents/documents';
import { requireVersionQuota } from '@/lib/server/documents/version-quota';
import { addVersion } from '@/lib/server/documents/versions';
import { logger } from '@/lib/server/log/logger';
import { toAppError } from '@/lib/server/models';
import { writingKey } from '@/lib/server/runs/fold-run';
import {
  requireRunOwnership,
  sendEvent,
  type ToolContext,
  type ToolError,
} from '@/lib/server/tools/context';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Time the answer waits for a version to be saved; after that, the end of the run saves it. */
const SAVE_TIMEOUT_MS = 2_000;

export type WriteVersionOptions = {
  document: { id: string; kind: ArtifactKind; language: string | null; title: string };
  /** The version being changed; null for a new document. */
  baseVersion: number | null;
  chunks: AsyncIterable<ContentChunk>;
  toolCallId: string;
  abortSignal: AbortSignal | undefined;
  /** The tool result for the model on success. */
  successMessage: string;
};

/**
 * Sends chunks as they arrive and saves them as a version. Nothing is sent or saved before the
 * first chunk, so a document that never gets content leaves no trace.
 * @returns an `error` result for the model if writing fails; a partial version may be saved then
 * @throws only if the run itself has ended: its end then saves the delivered content
 */
export async function writeVersion(
  context: ToolContext,
  options: WriteVersionOptions,
): Promise<DocumentToolResult | ToolError> {
  const { document, abortSignal } = options;
  const quotaError = await checkQuota(context, document.id);
  abortSignal?.throwIfAborted();
  if (quotaError) return quotaError;
  const { content, documentSaved, failure } = await streamContent(context, options);
  abortSignal?.throwIfAborted();
  if (!documentSaved) return { error: (failure ?? EMPTY_CONTENT).message };
  if (failure) sendEvent(context, { type: 'error', content: failure.message });
  const version = await saveWithinTimeout(context, options, {
    content,
    complete: !failure,
    documentSaved,
  });
  sendEvent(context, { type: 'finish', content: String(version ?? '') });
  const { id, title, kind } = document;
  const reference =
    version === undefined ? { writing: writingIdOf(context, options) } : { version };
  const summary = { id, title, kind, ...reference };
  if (!failure) return { ...summary, content: options.successMessage };
  const error = `The writing was cut off. What had arrived by then is saved. ${failure.message}`;
  return { ...summary, error };
}

/**
 * Checks the quota before anything is written, because delivered content is persisted whatever its
 * size. An unavailable database does not reject.
 */
async function checkQuota(
  { run }: ToolContext,
  documentId: string,
): Promise<ToolError | undefined> {
  const { chatId } = run.row;
  const quotaCheck = requireVersionQuota({ chatId, documentId, bytes: 0 }).then(
    () => undefined,
    (error) => (error instanceof AppError ? { error: error.message } : undefined),
  );
  return await withTimeout(quotaCheck, SAVE_TIMEOUT_MS, () => undefined);
}

const EMPTY_CONTENT = new AppError('endpoint_empty_answer', {
  message: 'Nothing was written: the answer of the model was empty.',
});

type StreamedContent = {
  content: string;
  /** Resolves when the document row is saved; undefined if nothing was delivered. */
  documentSaved: Promise<void> | undefined;
  failure: AppError | undefined;
};

async function streamContent(
  context: ToolContext,
  options: WriteVersionOptions,
): Promise<StreamedContent> {
  const { document, chunks, abortSignal } = options;
  let documentSaved: Promise<void> | undefined;
  let content = '';
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      abortSignal?.throwIfAborted();
      if (chunk === '') continue;
      if (chunk === RESTART) {
        content = '';
        bytes = 0;
        if (documentSaved) sendClear(context, options);
        continue;
      }
      bytes += Buffer.byteLength(chunk);
      if (bytes > LIMITS.documentBytes) throw new AppError('document_too_long');
      documentSaved ??= startDocument(context, options);
      content += chunk;
      sendEvent(context, { type: deltaType(document.kind), content: chunk });
    }
    return { content, documentSaved, failure: undefined };
  } catch (error) {
    if (!abortSignal?.aborted) logFailure(context, error);
    return { content, documentSaved, failure: toAppError(error) };
  }
}

/** Sends the document's metadata and starts saving a new document, without waiting for it. */
function startDocument(context: ToolContext, options: WriteVersionOptions): Promise<void> {
  const { document, baseVersion } = options;
  sendEvent(context, { type: 'kind', content: document.kind });
  sendEvent(context, { type: 'language', content: document.language ?? '' });
  sendEvent(context, { type: 'id', content: document.id });
  sendEvent(context, { type: 'title', content: document.title });
  sendClear(context, options);
  if (baseVersion !== null) return Promise.resolve();
  const added = requireRunOwnership(context).then(() =>
    addDocument({ ...document, chatId: context.run.row.chatId }),
  );
  // A failure is handled at the end; until then the rejection would be unhandled.
  added.catch(() => {});
  return added;
}

/** Sends the event after which the content starts over. */
function sendClear(context: ToolContext, { baseVersion, toolCallId }: WriteVersionOptions): void {
  sendEvent(context, {
    type: 'clear',
    content: toolCallId,
    ...(baseVersion !== null && { baseVersion }),
  });
}

/** Saves the version. Returns its number, or undefined if the database cannot save it now. */
async function saveWithinTimeout(
  context: ToolContext,
  options: WriteVersionOptions,
  streamed: { content: string; complete: boolean; documentSaved: Promise<void> },
): Promise<number | undefined> {
  const { row } = context.run;
  const { content, complete } = streamed;
  const writingId = writingIdOf(context, options);
  const saved = streamed.documentSaved
    .then(() => requireRunOwnership(context))
    .then(() =>
      addVersion({
        documentId: options.document.id,
        content,
        author: 'model',
        messageId: row.messageId,
        baseVersion: options.baseVersion,
        complete,
        writingId,
      }),
    )
    .catch((error) => {
      logger.warn(
        { err: error, runId: row.id },
        'A document version is delayed until its run is saved',
      );
      return undefined;
    });
  return await withTimeout(saved, SAVE_TIMEOUT_MS, () => undefined);
}

function writingIdOf({ run }: ToolContext, { toolCallId }: WriteVersionOptions): string {
  return writingKey(run.row.id, toolCallId);
}

function logFailure({ run }: ToolContext, error: unknown): void {
  const { code, cause } = toAppError(error);
  logger.warn({ runId: run.row.id, code, err: cause ?? error }, 'Writing a document failed');
}

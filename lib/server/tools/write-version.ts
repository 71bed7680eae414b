/** Writing a version of a document, live: what is shown is kept, however the writing ends. */

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

/** The answer waits so long for a version to be saved; the end of the run does it otherwise. */
const SAVE_TIMEOUT_MS = 2_000;

export type WriteVersionOptions = {
  document: { id: string; kind: ArtifactKind; language: string | null; title: string };
  /** The version that is changed; null for a new document. */
  baseVersion: number | null;
  chunks: AsyncIterable<ContentChunk>;
  toolCallId: string;
  abortSignal: AbortSignal | undefined;
  /** What the model is told at the end. */
  successMessage: string;
};

/**
 * Sends the pieces as they come and saves them as a version. Nothing is begun before the first piece:
 * a document that never came to anything leaves no trace.
 * @throws only where the run itself has ended: then its end saves what was shown
 */
export async function writeVersion(
  context: ToolContext,
  writing: WriteVersionOptions,
): Promise<DocumentToolResult | ToolError> {
  const { document, abortSignal } = writing;
  const quotaError = await checkQuota(context, document.id);
  abortSignal?.throwIfAborted();
  if (quotaError) return quotaError;
  const { content, documentSaved, failure } = await streamContent(context, writing);
  abortSignal?.throwIfAborted();
  if (!documentSaved) return { error: (failure ?? EMPTY_CONTENT).message };
  if (failure) sendEvent(context, { type: 'error', content: failure.message });
  const version = await saveWithinTimeout(context, writing, {
    content,
    complete: !failure,
    documentSaved,
  });
  sendEvent(context, { type: 'finish', content: String(version ?? '') });
  const { id, title, kind } = document;
  const reference =
    version === undefined ? { writing: writingKeyOf(context, writing) } : { version };
  const summary = { id, title, kind, ...reference };
  if (!failure) return { ...summary, content: writing.successMessage };
  const error = `The writing was cut off. What came until then is kept. ${failure.message}`;
  return { ...summary, error };
}

/**
 * Why no more may be written, asked before anything is: what was shown is kept, whatever it takes. A
 * database that is away refuses nothing.
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
  return await withSaveTimeout(quotaCheck);
}

/** What the work gives within `SAVE_PATIENCE_MS`, else undefined; the work goes on. */
async function withSaveTimeout<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SAVE_TIMEOUT_MS);
  });
  return await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

const EMPTY_CONTENT = new AppError('endpoint_empty', {
  message: 'Nothing was written: the answer of the model was empty.',
});

type StreamedContent = {
  content: string;
  /** Resolves when the document itself is saved; undefined where nothing was shown. */
  documentSaved: Promise<void> | undefined;
  failure: AppError | undefined;
};

async function streamContent(
  context: ToolContext,
  writing: WriteVersionOptions,
): Promise<StreamedContent> {
  const { document, chunks, abortSignal } = writing;
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
        if (documentSaved) sendClear(context, writing);
        continue;
      }
      bytes += Buffer.byteLength(chunk);
      if (bytes > LIMITS.documentBytes) throw new AppError('document_too_long');
      documentSaved ??= startDocument(context, writing);
      content += chunk;
      sendEvent(context, { type: deltaType(document.kind), content: chunk });
    }
    return { content, documentSaved, failure: undefined };
  } catch (error) {
    if (!abortSignal?.aborted) logFailure(context, error);
    return { content, documentSaved, failure: toAppError(error) };
  }
}

/** Tells what is written now. A new document is saved meanwhile: nobody waits for that here. */
function startDocument(context: ToolContext, writing: WriteVersionOptions): Promise<void> {
  const { document, baseVersion } = writing;
  sendEvent(context, { type: 'kind', content: document.kind });
  sendEvent(context, { type: 'language', content: document.language ?? '' });
  sendEvent(context, { type: 'id', content: document.id });
  sendEvent(context, { type: 'title', content: document.title });
  sendClear(context, writing);
  if (baseVersion !== null) return Promise.resolve();
  const added = requireRunOwnership(context).then(() =>
    addDocument({ ...document, chatId: context.run.row.chatId }),
  );
  // Whether it failed is asked at the end; until then a rejection is nobody's.
  added.catch(() => {});
  return added;
}

/** What follows is the content from its beginning on. */
function sendClear(context: ToolContext, { baseVersion, toolCallId }: WriteVersionOptions): void {
  sendEvent(context, {
    type: 'clear',
    content: toolCallId,
    ...(baseVersion !== null && { baseVersion }),
  });
}

/** The number of the version, or undefined where the database does not take it now. */
async function saveWithinTimeout(
  context: ToolContext,
  writing: WriteVersionOptions,
  streamed: { content: string; complete: boolean; documentSaved: Promise<void> },
): Promise<number | undefined> {
  const { row } = context.run;
  const { content, complete } = streamed;
  const writingId = writingKeyOf(context, writing);
  const saved = streamed.documentSaved
    .then(() => requireRunOwnership(context))
    .then(() =>
      addVersion({
        documentId: writing.document.id,
        content,
        author: 'model',
        messageId: row.messageId,
        baseVersion: writing.baseVersion,
        complete,
        writingId,
      }),
    )
    .catch((error) => {
      logger.warn({ err: error, runId: row.id }, 'A document waits for its run to be saved');
      return undefined;
    });
  return await withSaveTimeout(saved);
}

function writingKeyOf({ run }: ToolContext, { toolCallId }: WriteVersionOptions): string {
  return writingKey(run.row.id, toolCallId);
}

function logFailure({ run }: ToolContext, error: unknown): void {
  const { code, cause } = toAppError(error);
  logger.warn({ runId: run.row.id, code, err: cause ?? error }, 'The writing of a document failed');
}

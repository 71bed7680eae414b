/** Writing a version of a document, live: what is shown is kept, however the writing ends. */
import { addDocument } from '@/lib/artifacts/documents';
import { requireRoom } from '@/lib/artifacts/version-quota';
import { addVersion } from '@/lib/artifacts/versions';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { toAppError } from '@/lib/models';
import { LIMITS } from '@/lib/protocol/api';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import { deltaOf } from '@/lib/protocol/events';
import type { DocumentResult } from '@/lib/protocol/messages';
import { writingKey } from '@/lib/runs/fold-run';
import { type Refusal, requireOwnership, send, type ToolContext } from '@/lib/tools/context';
import { type Piece, RESTART } from '@/lib/tools/pieces';

/** The answer waits so long for a version to be saved; the end of the run does it otherwise. */
const SAVE_PATIENCE_MS = 2_000;

export type Writing = {
  document: { id: string; kind: ArtifactKind; language: string | null; title: string };
  /** The version that is changed; null for a new document. */
  baseVersion: number | null;
  pieces: AsyncIterable<Piece>;
  toolCallId: string;
  abortSignal: AbortSignal | undefined;
  /** What the model is told at the end. */
  done: string;
};

/**
 * Sends the pieces as they come and saves them as a version. Nothing is begun before the first piece:
 * a document that never came to anything leaves no trace.
 * @throws only where the run itself has ended: then its end saves what was shown
 */
export async function writeVersion(
  context: ToolContext,
  writing: Writing,
): Promise<DocumentResult | Refusal> {
  const { document, abortSignal } = writing;
  const refusal = await refusalOf(context, document.id);
  abortSignal?.throwIfAborted();
  if (refusal) return refusal;
  const { content, begun, failure } = await show(context, writing);
  abortSignal?.throwIfAborted();
  if (!begun) return { error: (failure ?? NOTHING_WRITTEN).message };
  if (failure) send(context, { type: 'error', content: failure.message });
  const version = await save(context, writing, { content, complete: !failure, added: begun });
  send(context, { type: 'finish', content: String(version ?? '') });
  const { id, title, kind } = document;
  const which = version === undefined ? { writing: keyOf(context, writing) } : { version };
  const about = { id, title, kind, ...which };
  if (!failure) return { ...about, content: writing.done };
  const error = `The writing was cut off. What came until then is kept. ${failure.message}`;
  return { ...about, error };
}

/**
 * Why no more may be written, asked before anything is: what was shown is kept, whatever it takes. A
 * database that is away refuses nothing.
 */
async function refusalOf({ run }: ToolContext, documentId: string): Promise<Refusal | undefined> {
  const { chatId } = run.row;
  const looked = requireRoom({ chatId, documentId, bytes: 0 }).then(
    () => undefined,
    (error) => (error instanceof AppError ? { error: error.message } : undefined),
  );
  return await withinPatience(looked);
}

/** What the work gives within `SAVE_PATIENCE_MS`, else undefined; the work goes on. */
async function withinPatience<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), SAVE_PATIENCE_MS);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const NOTHING_WRITTEN = new AppError('endpoint_empty', {
  message: 'Nothing was written: the answer of the model was empty.',
});

type Shown = {
  content: string;
  /** Resolves when the document itself is saved; undefined where nothing was shown. */
  begun: Promise<void> | undefined;
  failure: AppError | undefined;
};

async function show(context: ToolContext, writing: Writing): Promise<Shown> {
  const { document, pieces, abortSignal } = writing;
  let begun: Promise<void> | undefined;
  let content = '';
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      abortSignal?.throwIfAborted();
      if (piece === '') continue;
      if (piece === RESTART) {
        content = '';
        bytes = 0;
        if (begun) sendClear(context, writing);
        continue;
      }
      bytes += Buffer.byteLength(piece);
      if (bytes > LIMITS.documentBytes) throw new AppError('document_too_long');
      begun ??= begin(context, writing);
      content += piece;
      send(context, { type: deltaOf(document.kind), content: piece });
    }
    return { content, begun, failure: undefined };
  } catch (error) {
    if (!abortSignal?.aborted) logFailure(context, error);
    return { content, begun, failure: toAppError(error) };
  }
}

/** Tells what is written now. A new document is saved meanwhile: nobody waits for that here. */
function begin(context: ToolContext, writing: Writing): Promise<void> {
  const { document, baseVersion } = writing;
  send(context, { type: 'kind', content: document.kind });
  send(context, { type: 'language', content: document.language ?? '' });
  send(context, { type: 'id', content: document.id });
  send(context, { type: 'title', content: document.title });
  sendClear(context, writing);
  if (baseVersion !== null) return Promise.resolve();
  const added = requireOwnership(context).then(() =>
    addDocument({ ...document, chatId: context.run.row.chatId }),
  );
  // Whether it failed is asked at the end; until then a rejection is nobody's.
  added.catch(() => {});
  return added;
}

/** What follows is the content from its beginning on. */
function sendClear(context: ToolContext, { baseVersion, toolCallId }: Writing): void {
  send(context, {
    type: 'clear',
    content: toolCallId,
    ...(baseVersion !== null && { baseVersion }),
  });
}

/** The number of the version, or undefined where the database does not take it now. */
async function save(
  context: ToolContext,
  writing: Writing,
  shown: { content: string; complete: boolean; added: Promise<void> },
): Promise<number | undefined> {
  const { row } = context.run;
  const { content, complete } = shown;
  const writingId = keyOf(context, writing);
  const saved = shown.added
    .then(() => requireOwnership(context))
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
  return await withinPatience(saved);
}

function keyOf({ run }: ToolContext, { toolCallId }: Writing): string {
  return writingKey(run.row.id, toolCallId);
}

function logFailure({ run }: ToolContext, error: unknown): void {
  const { code, cause } = toAppError(error);
  logger.warn({ runId: run.row.id, code, err: cause ?? error }, 'The writing of a document failed');
}

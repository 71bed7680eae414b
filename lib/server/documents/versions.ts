/**
 * Versions of documents. Append-only, except that lib/server/documents/version-quota prunes
 * replaced saves.
 */
import { and, desc, eq, sql } from 'drizzle-orm';
import {
  LIMITS,
  type SavedVersion,
  type SaveVersionBody,
  type VersionSummary,
} from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { db, isUniqueViolation } from '@/lib/server/db/client';
import { documentVersion, VERSION_PRIMARY_KEY } from '@/lib/server/db/schema';
import { storableText } from '@/lib/server/db/storable';
import { requireDocument } from '@/lib/server/documents/documents';
import { publishDocumentUpdated } from '@/lib/server/documents/publish-document-updated';
import { requireVersionQuota } from '@/lib/server/documents/version-quota';

/** Consecutive saves of the user within this time are one step, in milliseconds. */
const SAME_STEP_MS = 10 * 60_000;
/**
 * Concurrent inserts may take the next number first; an attempt fails only if another one
 * succeeded.
 */
const MAX_INSERT_ATTEMPTS = 50;

type NewVersion = Omit<typeof documentVersion.$inferInsert, 'version' | 'createdAt'> & {
  writingId: string;
};

/**
 * Adds the next version of a document, once per `writingId`, and notifies the owner's tabs.
 * @returns the version's number
 * @throws AppError document_too_long
 */
export async function addVersion(version: NewVersion): Promise<number> {
  const content = storableText(version.content);
  if (Buffer.byteLength(content) > LIMITS.documentBytes) throw new AppError('document_too_long');
  const number = await insertVersion({ ...version, content });
  await publishDocumentUpdated(version.documentId);
  return number;
}

async function insertVersion(version: NewVersion): Promise<number> {
  const { documentId, writingId } = version;
  for (let attempt = 1; ; attempt++) {
    try {
      const [added] = await db()
        .insert(documentVersion)
        .values({
          ...version,
          version: sql`(select coalesce(max(version), 0) + 1 from document_version
            where document_id = ${documentId})`,
        })
        .onConflictDoNothing({ target: [documentVersion.documentId, documentVersion.writingId] })
        .returning({ version: documentVersion.version });
      const number = added?.version ?? (await findVersionByWriting(documentId, writingId));
      if (number !== undefined) return number;
    } catch (error) {
      if (!isUniqueViolation(error, VERSION_PRIMARY_KEY)) throw error;
      if (attempt === MAX_INSERT_ATTEMPTS) throw error;
    }
  }
}

/** Returns the number of the version with this `writingId`, if it exists. */
async function findVersionByWriting(
  documentId: string,
  writingId: string,
): Promise<number | undefined> {
  const [found] = await db()
    .select({ version: documentVersion.version })
    .from(documentVersion)
    .where(
      and(eq(documentVersion.documentId, documentId), eq(documentVersion.writingId, writingId)),
    );
  return found?.version;
}

/**
 * Saves the user's content, or the content of an old version, as a new version.
 * @returns the version with this content: the edited one if nothing was changed
 * @throws AppError not_found, document_too_long, document_quota_exceeded, user_quota_exceeded, or
 *   bad_request for a base version that does not exist
 */
export async function saveVersion(
  ownerId: string,
  documentId: string,
  body: SaveVersionBody,
): Promise<SavedVersion> {
  const { chatId } = await requireDocument(ownerId, documentId);
  const { saveId: writingId, baseVersion } = body;
  const versions = await readContents(documentId, [
    baseVersion,
    ...('restore' in body ? [body.restore] : []),
  ]);
  if (baseVersion > versions.latest) {
    throw new AppError('bad_request', {
      message: 'The document has no such version.',
    });
  }
  const restoredFrom = 'restore' in body ? body.restore : null;
  const content = 'restore' in body ? versions.contents.get(body.restore) : body.content;
  if (content === undefined) throw new AppError('not_found');
  const isUnchanged =
    baseVersion === versions.latest && versions.contents.get(baseVersion) === storableText(content);
  if (isUnchanged) return { version: baseVersion, latest: versions.latest };
  // A save that is already stored was retried: it needs no quota.
  if ((await findVersionByWriting(documentId, writingId)) === undefined) {
    await requireVersionQuota({ chatId, documentId, bytes: Buffer.byteLength(content) });
  }
  const version = await addVersion({
    documentId,
    content,
    author: 'user',
    messageId: null,
    baseVersion,
    restoredFrom,
    writingId,
  });
  return { version, latest: Math.max(version, versions.latest) };
}

/** Returns the contents of some versions, and the number of the newest. */
async function readContents(
  documentId: string,
  requestedVersions: number[],
): Promise<{ latest: number; contents: Map<number, string> }> {
  const rows = await db()
    .select({
      version: documentVersion.version,
      content: sql<string>`case when version in ${requestedVersions} then content else '' end`,
    })
    .from(documentVersion)
    .where(
      and(
        eq(documentVersion.documentId, documentId),
        sql`(version in ${requestedVersions} or version = (select max(version) from document_version
          where document_id = ${documentId}))`,
      ),
    )
    .orderBy(desc(documentVersion.version));
  return {
    latest: rows[0]?.version ?? 0,
    contents: new Map(
      rows
        .filter(({ version }) => requestedVersions.includes(version))
        .map(({ version, content }) => [version, content]),
    ),
  };
}

/**
 * Lists the versions of a document, newest first. Saves that belong to the same step as the next
 * version are omitted.
 * @throws AppError not_found
 */
export async function listVersions(ownerId: string, documentId: string): Promise<VersionSummary[]> {
  await requireDocument(ownerId, documentId);
  const rows = await db()
    .select({
      version: documentVersion.version,
      author: documentVersion.author,
      messageId: documentVersion.messageId,
      baseVersion: documentVersion.baseVersion,
      restoredFrom: documentVersion.restoredFrom,
      complete: documentVersion.complete,
      createdAt: documentVersion.createdAt,
      bytes: sql<number>`octet_length(content)`.mapWith(Number),
    })
    .from(documentVersion)
    .where(eq(documentVersion.documentId, documentId))
    .orderBy(desc(documentVersion.version));
  return rows
    .filter((row, index) => !isSameStep(row, rows[index - 1]))
    .map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

type SaveStep = Pick<
  typeof documentVersion.$inferSelect,
  'version' | 'author' | 'baseVersion' | 'restoredFrom' | 'createdAt'
>;

/** Whether the user continued from a version to the next one without a long pause. */
function isSameStep(row: SaveStep, next: SaveStep | undefined): boolean {
  return (
    next?.author === 'user' &&
    row.author === 'user' &&
    next.restoredFrom === null &&
    next.baseVersion === row.version &&
    next.createdAt.getTime() - row.createdAt.getTime() < SAME_STEP_MS
  );
}

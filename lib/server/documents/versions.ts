/** Versions of documents, which are only added; lib/server/documents/version-quota may thin them out. */
import { and, desc, eq, sql } from 'drizzle-orm';
import {
  LIMITS,
  type SavedVersion,
  type SaveVersionBody,
  type VersionSummary,
} from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { db, isUniqueViolation } from '@/lib/server/db/client';
import { documentVersion, VERSION_NUMBERS } from '@/lib/server/db/schema';
import { storableText } from '@/lib/server/db/storable';
import { requireDocument } from '@/lib/server/documents/documents';
import { publishDocumentUpdated } from '@/lib/server/documents/publish-document-updated';
import { requireVersionQuota } from '@/lib/server/documents/version-quota';

/** Saves of a person that follow one another within this time are one step, in milliseconds. */
const SAME_STEP_MS = 10 * 60_000;
/** Others may take the number that was next; each attempt is beaten only by one that succeeded. */
const MAX_INSERT_ATTEMPTS = 50;

type NewVersion = Omit<typeof documentVersion.$inferInsert, 'version' | 'createdAt'> & {
  writingId: string;
};

/**
 * Adds the next version of a document, once for each `writingId`, and tells the owner's windows.
 * @returns its number
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
      if (!isUniqueViolation(error, VERSION_NUMBERS)) throw error;
      if (attempt === MAX_INSERT_ATTEMPTS) throw error;
    }
  }
}

/** The version that a writing has become, if it has. */
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
 * Saves what the person wrote, or an old version once more, as a new version.
 * @returns the version that holds it: where nothing was changed, the one that was edited
 * @throws AppError not_found, document_too_long, document_full, documents_full, or bad_request for a base that does not exist
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
      message: 'The document has no such version to be edited.',
    });
  }
  const restoredFrom = 'restore' in body ? body.restore : null;
  const content = 'restore' in body ? versions.contents.get(body.restore) : body.content;
  if (content === undefined) throw new AppError('not_found');
  const isUnchanged =
    baseVersion === versions.latest && versions.contents.get(baseVersion) === storableText(content);
  if (isUnchanged) return { version: baseVersion, latest: versions.latest };
  // What was saved already is only sent again.
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

/** The contents of some versions, and the number of the newest. */
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
 * What versions there are of a document, newest first.
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

/** Whether the person went on from a version, without a pause, to the next one. */
function isSameStep(row: SaveStep, next: SaveStep | undefined): boolean {
  return (
    next?.author === 'user' &&
    row.author === 'user' &&
    next.restoredFrom === null &&
    next.baseVersion === row.version &&
    next.createdAt.getTime() - row.createdAt.getTime() < SAME_STEP_MS
  );
}

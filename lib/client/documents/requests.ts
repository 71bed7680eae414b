/** HTTP requests of the document panel. All throw RequestError. */
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import {
  type DocumentDetail,
  LIMITS,
  type SavedVersion,
  type SaveVersionBody,
  type UpdateDocumentBody,
  type UpdateSuggestionBody,
  type VersionSummary,
} from '@/lib/protocol/api';
import type { Suggestion } from '@/lib/protocol/stream-events';

/** Fetches a version by its number or by the `writingId` of its write; the newest if null. */
export function fetchDocument(
  id: string,
  version: number | string | null = null,
): Promise<DocumentDetail> {
  const parameter = typeof version === 'number' ? 'version' : 'writing';
  const query = version === null ? '' : `?${parameter}=${encodeURIComponent(version)}`;
  return api(`/api/document/${id}${query}`);
}

/** Fetches the list of versions, newest first. */
export function fetchVersions(id: string): Promise<VersionSummary[]> {
  return api(`/api/document/${id}/versions`);
}

/** Maximum size for `keepalive` requests; browsers limit all of a page's together to 64 KB. */
const KEEPALIVE_BYTES = 60_000;

/**
 * The server's own text, copied: importing its table of error messages would add it to the first
 * load.
 */
const DOCUMENT_TOO_LONG_MESSAGE = 'The document is too long: the limit is 1 MB. Shorten it.';

/**
 * Adds a version. Repeating a `saveId` returns the version it created.
 * @param isPageUnloading whether the page may be unloaded before the response
 * @throws RequestError `document_too_long` without a request: serializing and sending many
 *   megabytes repeatedly, only to have them rejected, would block the page
 */
export async function postVersion(
  id: string,
  body: SaveVersionBody,
  isPageUnloading = false,
): Promise<SavedVersion> {
  if ('content' in body && isTooLong(body.content)) {
    throw new RequestError('document_too_long', DOCUMENT_TOO_LONG_MESSAGE, 413);
  }
  const keepalive = isPageUnloading && new Blob([JSON.stringify(body)]).size <= KEEPALIVE_BYTES;
  return api(`/api/document/${id}/versions`, { method: 'POST', json: body, keepalive });
}

function isTooLong(content: string): boolean {
  if (content.length > LIMITS.documentBytes) return true;
  // A UTF-16 code unit takes at most three bytes in UTF-8.
  return (
    content.length * 3 > LIMITS.documentBytes && new Blob([content]).size > LIMITS.documentBytes
  );
}

export function patchDocumentTitle(id: string, title: string): Promise<void> {
  const body: UpdateDocumentBody = { title };
  return api(`/api/document/${id}`, { method: 'PATCH', json: body });
}

/** Fetches the open suggestions. */
export function fetchSuggestions(id: string): Promise<Suggestion[]> {
  return api(`/api/document/${id}/suggestions`);
}

export function patchSuggestionStatus(
  id: string,
  status: UpdateSuggestionBody['status'],
): Promise<void> {
  const body: UpdateSuggestionBody = { status };
  return api(`/api/suggestion/${id}`, { method: 'PATCH', json: body });
}

/** Whether a retry would fail with the same error. */
export function isPermanentFailure(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.status === 429) return false;
  return error.status >= 400 && error.status < 500;
}

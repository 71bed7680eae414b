/** What the panel asks of the server. All throw RequestError. */
import { api, RequestError } from '@/lib/client/http/api';
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

/** A version of a document by its number or the key of its writing; the newest where none is named. */
export function fetchDocument(
  id: string,
  version: number | string | null = null,
): Promise<DocumentDetail> {
  const parameter = typeof version === 'number' ? 'version' : 'writing';
  const query = version === null ? '' : `?${parameter}=${encodeURIComponent(version)}`;
  return api(`/api/document/${id}${query}`);
}

/** Newest first. */
export function fetchVersions(id: string): Promise<VersionSummary[]> {
  return api(`/api/document/${id}/versions`);
}

/** A browser lets requests of this size outlive their page; 64 KB is the limit for all together. */
const KEEPALIVE_BYTES = 60_000;

/** As the server says it, whose words for all its errors would be part of the first load. */
const DOCUMENT_TOO_LONG_MESSAGE = 'The document is too long: it may hold 1 MB at most. Shorten it.';

/**
 * Adds a version. The same saveId again gives the version that is there.
 * @param isPageUnloading the page may go away before the answer
 * @throws RequestError document_too_long without a request: writing out and sending many megabytes
 *   again and again, only to have them refused, would hold up the page
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
  // No UTF-16 unit takes more than three bytes.
  return (
    content.length * 3 > LIMITS.documentBytes && new Blob([content]).size > LIMITS.documentBytes
  );
}

export function patchDocumentTitle(id: string, title: string): Promise<void> {
  const body: UpdateDocumentBody = { title };
  return api(`/api/document/${id}`, { method: 'PATCH', json: body });
}

/** The open ones. */
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

/** Whether the server will say the same again. */
export function isPermanentFailure(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.status === 429) return false;
  return error.status >= 400 && error.status < 500;
}

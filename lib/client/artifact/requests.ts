/** What the panel asks of the server. All throw RequestError. */
import { api, RequestError } from '@/lib/client/http';
import type {
  DocumentDetail,
  SavedVersion,
  SaveVersionBody,
  UpdateDocumentBody,
  UpdateSuggestionBody,
  VersionSummary,
} from '@/lib/protocol/api';
import type { Suggestion } from '@/lib/protocol/events';

/** A version of a document by its number or the key of its writing; the newest where none is named. */
export function fetchDocument(
  id: string,
  version: number | string | null = null,
): Promise<DocumentDetail> {
  const name = typeof version === 'number' ? 'version' : 'writing';
  const query = version === null ? '' : `?${name}=${encodeURIComponent(version)}`;
  return api(`/api/document/${id}${query}`);
}

/** Newest first. */
export function fetchVersions(id: string): Promise<VersionSummary[]> {
  return api(`/api/document/${id}/versions`);
}

/** A browser lets requests of this size outlive their page; 64 KB is the limit for all together. */
const KEEPALIVE_BYTES = 60_000;

/**
 * Adds a version. The same saveId again gives the version that is there.
 * @param leaving the page may go away before the answer
 */
export function saveVersion(
  id: string,
  body: SaveVersionBody,
  leaving = false,
): Promise<SavedVersion> {
  const keepalive = leaving && new Blob([JSON.stringify(body)]).size <= KEEPALIVE_BYTES;
  return api(`/api/document/${id}/versions`, { method: 'POST', json: body, keepalive });
}

export function renameDocument(id: string, title: string): Promise<void> {
  const body: UpdateDocumentBody = { title };
  return api(`/api/document/${id}`, { method: 'PATCH', json: body });
}

/** The open ones. */
export function fetchSuggestions(id: string): Promise<Suggestion[]> {
  return api(`/api/document/${id}/suggestions`);
}

export function resolveSuggestion(
  id: string,
  status: UpdateSuggestionBody['status'],
): Promise<void> {
  const body: UpdateSuggestionBody = { status };
  return api(`/api/suggestion/${id}`, { method: 'PATCH', json: body });
}

/** Whether the server will say the same again. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof RequestError) || error.status === 429) return false;
  return error.status >= 400 && error.status < 500;
}

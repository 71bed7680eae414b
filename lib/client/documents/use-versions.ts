'use client';

import useSWR from 'swr';
import { fetchDocument, fetchVersions } from '@/lib/client/documents/requests';
import type { RequestError } from '@/lib/client/http/request-error';
import type { VersionSummary } from '@/lib/protocol/api';

const NO_VERSIONS: VersionSummary[] = [];

/**
 * Returns the document's versions, newest first; empty until loaded.
 * @param latest number of the newest version: a change refetches the list
 */
export function useVersions(id: string, latest: number): VersionSummary[] {
  const { data } = useSWR(
    latest > 0 ? ['document-versions', id, latest] : null,
    () => fetchVersions(id),
    { keepPreviousData: true, revalidateOnFocus: false },
  );
  return data ?? NO_VERSIONS;
}

/** Fetches the content of a version. It is immutable, so it is never refetched. */
export function useVersionContent(id: string, version: number) {
  return useSWR<string, RequestError>(
    ['document-version', id, version],
    async () => (await fetchDocument(id, version)).content,
    { revalidateIfStale: false, revalidateOnFocus: false, revalidateOnReconnect: false },
  );
}

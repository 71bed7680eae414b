'use client';

import useSWR from 'swr';
import { fetchDocument, fetchVersions } from '@/lib/client/documents/requests';
import type { RequestError } from '@/lib/client/http/api';
import type { VersionSummary } from '@/lib/protocol/api';

const NO_VERSIONS: VersionSummary[] = [];

/**
 * The versions of a document, newest first; empty until they are known.
 * @param latest the newest one's number: the list is asked for again when it changes
 */
export function useVersions(id: string, latest: number): VersionSummary[] {
  const { data } = useSWR(
    latest > 0 ? ['document-versions', id, latest] : null,
    () => fetchVersions(id),
    { keepPreviousData: true, revalidateOnFocus: false },
  );
  return data ?? NO_VERSIONS;
}

/** The content of a version, which never changes. */
export function useVersionContent(id: string, version: number) {
  return useSWR<string, RequestError>(
    ['document-version', id, version],
    async () => (await fetchDocument(id, version)).content,
    { revalidateIfStale: false, revalidateOnFocus: false, revalidateOnReconnect: false },
  );
}

import type { ArtifactStore } from '@/lib/client/chat/artifact';
import { api, type RequestError } from '@/lib/client/http';
import { toast } from '@/lib/client/toast';
import type { DocumentDetail } from '@/lib/protocol/api';

/** Opens a document beside the chat: the one that is there already, or its newest version. */
export async function openDocument(store: ArtifactStore, id: string): Promise<void> {
  const before = store.get();
  if (before?.id === id && before.status !== 'loading') {
    store.set({ ...before, visible: true });
    return;
  }
  store.set({ id, title: '', kind: 'text', content: '', status: 'loading', visible: true });
  try {
    const { title, kind, content } = await api<DocumentDetail>(`/api/document/${id}`);
    // The person may have opened another one, or closed it, meanwhile.
    const now = store.get();
    if (now?.id === id) store.set({ ...now, title, kind, content, status: 'idle' });
  } catch (error) {
    if (store.get()?.id === id) store.close();
    toast.error((error as RequestError).message);
  }
}

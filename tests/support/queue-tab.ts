import { randomUUID } from 'node:crypto';
import type { QueuedMessage } from '@/lib/protocol/api';
import type { ErrorBody } from '@/lib/protocol/errors';
import { readMessage, type TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';

type QueueResult = QueuedMessage[] | ErrorBody;

/** What one tab does with the queued messages of a chat. */
export class QueueTab {
  constructor(
    readonly user: TestUser,
    readonly chatId: string,
  ) {}

  private url(path = ''): string {
    return `/api/chat/${this.chatId}/queue${path}`;
  }

  /** Queues a message after the last answer of the active branch. */
  async add(
    text: string,
    { id = randomUUID(), answerId }: { id?: string; answerId?: string } = {},
  ) {
    const last = (await this.user.getChat(this.chatId)).messages.at(-1)?.id;
    return await this.request('', 'POST', { id, text, answerId: answerId ?? last });
  }

  edit(id: string, text: string): Promise<QueueResult> {
    return this.request(`/${id}`, 'PATCH', { text });
  }

  move(id: string, index: number): Promise<QueueResult> {
    return this.request(`/${id}`, 'PATCH', { index });
  }

  delete(id: string): Promise<QueueResult> {
    return this.request(`/${id}`, 'DELETE');
  }

  /** "Send now" of the message as listed. */
  sendNow({ id, answerId }: QueuedMessage): Promise<QueueResult> {
    return this.request(`/${id}/send`, 'POST', { answerId });
  }

  list(): Promise<QueuedMessage[]> {
    return this.user.json(this.url());
  }

  async texts(): Promise<string[]> {
    return (await this.list()).map(({ text }) => text);
  }

  /** The texts of the user messages of the active branch. */
  async sentTexts(): Promise<string[]> {
    const { messages } = await this.user.getChat(this.chatId);
    return messages
      .map(readMessage)
      .flatMap(({ role, content }) => (role === 'user' ? content : []));
  }

  /** Resolves when the queue is empty and no answer is running. */
  async waitUntilSent(): Promise<void> {
    await waitUntil(async () => {
      const queued = await this.list();
      const { chat } = await this.user.getChat(this.chatId);
      if (queued.length > 0 || chat.live) throw new Error(`${queued.length} messages are queued`);
    });
  }

  private async request(path: string, method: string, body?: unknown): Promise<QueueResult> {
    const response = await this.user.fetch(this.url(path), {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return (await response.json()) as QueueResult;
  }
}

import { randomUUID } from 'node:crypto';
import type { ChatDetail, SendMessageBody } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';
import type { Person } from './person';

/** What came of something that a window asked for: the answer's message, or why it was refused. */
export type Asked = { answerId: string } | { code: string; message: string };

/**
 * One window of a chat, which acts on what it has seen last: that may be out of date.
 */
export class ChatWindow {
  view: StoredMessage[] = [];

  constructor(
    private readonly person: Person,
    readonly chatId: string,
  ) {}

  async look(): Promise<string[]> {
    this.view = (await this.person.chat(this.chatId)).messages;
    return idsOf(this.view);
  }

  send(text: string): Promise<Asked> {
    const parentId = this.view.at(-1)?.id ?? null;
    return this.ask(this.person.message(text, { id: this.chatId, parentId }));
  }

  /** "Try again" under the last answer of the view; null where there is none. */
  retry(): Promise<Asked> | null {
    const body = this.about('retryOf');
    return body && this.ask({ ...body, answerId: randomUUID() });
  }

  /** "Continue" under the last answer of the view; null where there is none. */
  continue(): Promise<Asked> | null {
    const body = this.about('continueOf');
    return body && this.ask(body);
  }

  /** Opens another version, as the switcher does. @returns the code of a refusal, or the view */
  async select(messageId: string): Promise<string | string[]> {
    const response = await this.person.fetch(`/api/chat/${this.chatId}/branch`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId }),
    });
    if (!response.ok) return ((await response.json()) as { code: string }).code;
    this.view = ((await response.json()) as ChatDetail).messages;
    return idsOf(this.view);
  }

  /** The versions that the switchers of the view lead to, besides those that are shown. */
  others(): string[] {
    return this.view.flatMap(({ id, versions = [] }) => versions.filter((other) => other !== id));
  }

  private about(what: 'retryOf' | 'continueOf'): SendMessageBody | null {
    const [question, answer] = this.view.slice(-2);
    if (!question || answer?.role !== 'assistant') return null;
    const at = { id: this.chatId, parentId: question.parentId, messageId: question.id };
    return this.person.message(question.content, { ...at, [what]: answer.id });
  }

  private async ask(body: SendMessageBody): Promise<Asked> {
    const answer = await this.person.send(body);
    if (!answer.ok) return await answer.refusal();
    await answer.whole();
    return { answerId: answer.response.headers.get('x-message-id') as string };
  }
}

export function idsOf(messages: readonly StoredMessage[]): string[] {
  return messages.map(({ id }) => id);
}

/** Everything that the switchers lead to from the open branch, however many steps it takes. */
export async function reachable(window: ChatWindow): Promise<Set<string>> {
  const found = new Set<string>();
  const walk = async (ids: string[]): Promise<void> => {
    for (const id of ids) found.add(id);
    for (const other of window.others()) {
      if (found.has(other)) continue;
      const opened = await window.select(other);
      if (typeof opened === 'string') throw new Error(`${other} cannot be opened: ${opened}`);
      await walk(opened);
    }
  };
  await walk(await window.look());
  // Steps back to branches whose own forks were left out while another one was open.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const id of [...found]) {
      await window.select(id);
      await walk(idsOf(window.view));
    }
  }
  return found;
}

import { randomUUID } from 'node:crypto';
import type {
  ChatDetail,
  HistoryPage,
  ModelList,
  SendMessageBody,
  StopResult,
} from '@/lib/protocol/api';
import { type FoldedDocument, foldDocuments } from '@/lib/protocol/fold-documents';
import { foldLines } from '@/lib/protocol/fold-message';
import { parseLine } from '@/lib/protocol/lines';
import type { RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import { textOf } from '@/lib/protocol/text-of';
import { waitUntil } from '@/tests/support/wait-until';

/** A message with its text, as the page reads it. */
export type ReadMessage = StoredMessage & { content: string };

export function readMessage(message: StoredMessage): ReadMessage {
  return { ...message, content: textOf(message.parts) };
}

type SendOptions = Partial<Omit<SendMessageBody, 'message'>> & { messageId?: string };

/** A user with a session, and the requests that the page sends. */
export class TestUser {
  cookie = '';
  model = '';

  private constructor(readonly baseUrl: string) {}

  /** Creates a guest who uses the app's default model. */
  static async createGuest(baseUrl: string): Promise<TestUser> {
    const user = new TestUser(baseUrl);
    const response = await user.fetch('/api/session', { method: 'POST' });
    user.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
    // The app lists no models if the endpoint takes longer than 2 s, as on a busy machine.
    user.model = await waitUntil(async () => {
      const { defaultRef } = await user.json<ModelList>('/api/models');
      if (!defaultRef) throw new Error('The app lists no model');
      return defaultRef;
    });
    return user;
  }

  /** The same session on another process of the same installation. */
  onServer(baseUrl: string): TestUser {
    const user = new TestUser(baseUrl);
    user.cookie = this.cookie;
    user.model = this.model;
    return user;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.baseUrl}${path}`, {
      ...init,
      headers: { cookie: this.cookie, origin: this.baseUrl, ...init.headers },
    });
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.fetch(path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** The request body of a send; it starts a new chat unless `id` is set. */
  messageBody(
    text: string,
    { messageId = randomUUID(), ...fields }: SendOptions = {},
  ): SendMessageBody {
    return {
      id: randomUUID(),
      message: { id: messageId, role: 'user', parts: [{ type: 'text', text }] },
      parentId: null,
      selectedChatModel: this.model,
      ...fields,
    };
  }

  async send(body: SendMessageBody): Promise<AnswerStream> {
    return new AnswerStream(await this.post('/api/chat', body));
  }

  async resume(chatId: string, after = 0): Promise<AnswerStream> {
    return new AnswerStream(await this.fetch(`/api/chat?chatId=${chatId}&after=${after}`));
  }

  async stop(chatId: string): Promise<StopResult> {
    const response = await this.fetch(`/api/chat/${chatId}/stop`, { method: 'POST' });
    return (await response.json()) as StopResult;
  }

  async getChat(chatId: string): Promise<ChatDetail & { messages: ReadMessage[] }> {
    const detail = await this.json<ChatDetail>(`/api/chat/${chatId}`);
    return { ...detail, messages: detail.messages.map(readMessage) };
  }

  getHistory(query = ''): Promise<HistoryPage> {
    return this.json(`/api/history${query}`);
  }
}

/** The annotation about the end of the run in the lines of a data stream. */
export function findRunEnded(lines: readonly string[]): RunEndedAnnotation | undefined {
  const line = lines.find((candidate) => candidate.startsWith('8:[{"type":"run-ended"'));
  const annotations = (line && parseLine(line)?.value) as RunEndedAnnotation[] | undefined;
  return annotations?.[0];
}

/** Reads the data stream of an answer. */
export class AnswerStream {
  /** Non-blank lines so far. */
  readonly lines: string[] = [];
  private readonly reader: ReadableStreamDefaultReader<string> | undefined;
  private buffer = '';

  constructor(readonly response: Response) {
    this.reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  }

  get ok(): boolean {
    return this.response.ok;
  }

  /** Status, code and message of a rejected request. */
  async readError(): Promise<{ status: number; code: string; message: string }> {
    await this.readToEnd();
    return { status: this.response.status, ...JSON.parse(this.lines.join('') || this.buffer) };
  }

  /** Reads until the text contains `wanted`, at most to the end. */
  readUntilText(wanted: string): Promise<this> {
    return this.readUntil(() => this.text.includes(wanted));
  }

  /** Reads until `predicate` returns true, at most to the end. */
  async readUntil(predicate: () => boolean): Promise<this> {
    while (!predicate() && (await this.readChunk())) {}
    return this;
  }

  /** Reads to the end. */
  async readToEnd(): Promise<this> {
    while (await this.readChunk()) {}
    return this;
  }

  /** Disconnects, as a closed tab does. */
  async disconnect(): Promise<void> {
    await this.reader?.cancel();
  }

  get text(): string {
    return textOf(foldLines(this.lines).parts);
  }

  get events(): StreamEvent[] {
    return this.lines
      .filter((line) => line.startsWith('2:'))
      .flatMap((line) => parseLine(line)?.value as StreamEvent[]);
  }

  /** The documents streamed so far. */
  get documents(): FoldedDocument[] {
    return foldDocuments(this.lines);
  }

  /** Tool results, oldest first. */
  get toolResults(): Array<Record<string, unknown>> {
    return foldLines(this.lines).parts.flatMap((part) =>
      part.type === 'tool-invocation' && part.toolInvocation.state === 'result'
        ? [part.toolInvocation.result as Record<string, unknown>]
        : [],
    );
  }

  get runEnded(): RunEndedAnnotation | undefined {
    return findRunEnded(this.lines);
  }

  private async readChunk(): Promise<boolean> {
    const { done, value } = (await this.reader?.read()) ?? { done: true, value: '' };
    if (done) return false;
    const newLines = (this.buffer + value).split('\n');
    this.buffer = newLines.pop() ?? '';
    this.lines.push(...newLines.filter((line) => line !== ''));
    return true;
  }
}

export const numberedTokens = (count: number) =>
  Array.from({ length: count }, (_, i) => `t${i} `).join('');

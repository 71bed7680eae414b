import { setTimeout as sleep } from 'node:timers/promises';
import { foldDocuments } from '@/lib/protocol/fold-documents';
import { type FoldedMessage, foldLines } from '@/lib/protocol/fold-message';
import { parseLine, UNSAVED_LINE } from '@/lib/protocol/lines';
import type { RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';
import { textOf } from '@/lib/protocol/text-of';
import { findRunEnded, type TestUser } from '@/tests/support/test-user';

/** How a connection ended: with the run's last line, cleanly without it, or with an error. */
type ConnectionEnd = 'ended' | 'short' | 'broken';

/**
 * A tab that reads an answer continuously, over any number of connections, and stores every
 * received line.
 */
export class Tab {
  /** Non-blank, complete lines: what the page can have displayed. */
  readonly lines: string[] = [];
  /** Number of blank lines received: keep-alives while there is no content. */
  blankLines = 0;
  /** The finished message, if the server sent it instead of lines. */
  finishedMessage: StoredMessage | undefined;
  /** Whether the last line reported that the answer cannot be saved yet. */
  notSavedYet = false;
  /** Resolves when the current connection ends. Never rejects. */
  connectionEnd: Promise<ConnectionEnd> = Promise.resolve('short');
  private disconnect: () => void = () => {};

  constructor(readonly chatId: string) {}

  /** Sends a message and starts to read its answer. @throws if the send is rejected */
  static async send(user: TestUser, body: Parameters<TestUser['send']>[0]): Promise<Tab> {
    const tab = new Tab(body.id);
    tab.read(await requireOk(await user.post('/api/chat', body)));
    return tab;
  }

  /** Opens a chat with a running answer, as another tab or device does. */
  static async open(user: TestUser, chatId: string): Promise<Tab> {
    const tab = new Tab(chatId);
    await tab.follow(user);
    return tab;
  }

  /** Opens a new connection after the last received line. @throws if it is rejected */
  async follow(user: TestUser): Promise<this> {
    const path = `/api/chat?chatId=${this.chatId}&after=${this.lines.length}`;
    this.read(await requireOk(await user.fetch(path)));
    return this;
  }

  /**
   * Reconnects, as the page does, until the run's last line is received.
   * @throws after `timeoutMs`
   */
  async readToEnd(user: TestUser, timeoutMs = 180_000): Promise<this> {
    const deadline = Date.now() + timeoutMs;
    while ((await this.connectionEnd) !== 'ended') {
      if (Date.now() > deadline) throw new Error(`No end; the last line is ${this.lines.at(-1)}`);
      await sleep(100);
      await this.follow(user).catch(() => {});
    }
    return this;
  }

  /** Resolves once the text contains `wanted`. @throws after `timeoutMs` */
  async waitForText(wanted: string, timeoutMs = 120_000): Promise<this> {
    const deadline = Date.now() + timeoutMs;
    while (!this.text.includes(wanted)) {
      if (Date.now() > deadline) throw new Error(`"${wanted}" never came: ${this.text.slice(-80)}`);
      await sleep(5);
    }
    return this;
  }

  /** Disconnects, as a closed tab does. */
  close(): void {
    this.disconnect();
  }

  /** The message folded from all received lines. */
  get foldedMessage(): FoldedMessage {
    return foldLines(this.lines);
  }

  get text(): string {
    return textOf((this.finishedMessage ?? this.foldedMessage).parts);
  }

  /**
   * The content streamed so far of the answer's first document, and its id; null if it has none.
   */
  get document(): { id: string; content: string } | null {
    return foldDocuments(this.lines)[0] ?? null;
  }

  get runEnded(): RunEndedAnnotation | undefined {
    if (this.finishedMessage) return this.finishedMessage.annotations[0];
    return findRunEnded(this.lines);
  }

  private read(response: Response): void {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    this.disconnect = () => void reader.cancel().catch(() => {});
    this.connectionEnd = this.readAll(reader).catch(() => 'broken' as const);
  }

  private async readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ConnectionEnd> {
    const decoder = new TextDecoder();
    let buffer = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done)
        return this.lines.at(-1)?.startsWith('d:') || this.finishedMessage ? 'ended' : 'short';
      const newLines = (buffer + decoder.decode(value, { stream: true })).split('\n');
      buffer = newLines.pop() ?? '';
      for (const line of newLines) {
        if (line === '') {
          this.blankLines += 1;
          continue;
        }
        this.notSavedYet = `${line}\n` === UNSAVED_LINE;
        if (!this.notSavedYet) this.addLine(line);
      }
    }
  }

  private addLine(line: string): void {
    if (line.startsWith('2:')) {
      const events = parseLine(line)?.value as Array<{ type: string; message?: string }>;
      const finished = events.find(({ type }) => type === 'append-message');
      if (finished?.message) this.finishedMessage = JSON.parse(finished.message);
    }
    this.lines.push(line);
  }
}

async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new Error(`Rejected with ${response.status}: ${await response.text()}`);
}

import { randomUUID } from 'node:crypto';
import type {
  DocumentDetail,
  DocumentSummary,
  SavedVersion,
  SaveVersionBody,
  VersionSummary,
} from '@/lib/protocol/api';
import type { Suggestion } from '@/lib/protocol/stream-events';
import { scenario } from '@/tests/support/model-server/scenario-line';
import type { AnswerStream, TestUser } from '@/tests/support/test-user';

/** A chat in which the model works on documents, and what the page asks of them. */
export class DocumentChat {
  readonly chatId = randomUUID();
  private parentId: string | null = null;

  constructor(readonly user: TestUser) {}

  /** Says what makes the model play the scenario; the answer is being read by whoever called. */
  async sendScenario(name: string, options: Record<string, unknown> = {}): Promise<AnswerStream> {
    const { chatId: id, parentId } = this;
    const body = this.user.messageBody(scenario(name, options), { id, parentId });
    const answer = await this.user.send(body);
    this.parentId = answer.response.headers.get('x-message-id');
    return answer;
  }

  /** The same, and waits for its end. */
  async runScenario(name: string, options: Record<string, unknown> = {}): Promise<AnswerStream> {
    return await (await this.sendScenario(name, options)).readToEnd();
  }

  /** Has a document written, all at once. Gives its id. */
  async createDocument(options: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.runScenario('document', { rate: 0, ...options });
    const id = answer.documents[0]?.id;
    if (!id) throw new Error(`No document was written: ${answer.text}`);
    return id;
  }

  list(): Promise<DocumentSummary[]> {
    return this.user.json(`/api/chat/${this.chatId}/documents`);
  }

  read(id: string, version?: number): Promise<DocumentDetail> {
    return this.user.json(`/api/document/${id}${version ? `?version=${version}` : ''}`);
  }

  /** The version that a writing of the model's has become. */
  readByWritingId(id: string, writing: string): Promise<DocumentDetail> {
    return this.user.json(`/api/document/${id}?writing=${encodeURIComponent(writing)}`);
  }

  versions(id: string): Promise<VersionSummary[]> {
    return this.user.json(`/api/document/${id}/versions`);
  }

  /** What the last tool of the newest answer gave, as it is kept. */
  async lastToolResult(): Promise<Record<string, unknown>> {
    const { messages } = await this.user.getChat(this.chatId);
    const last = messages.at(-1)?.parts.findLast((part) => part.type === 'tool-invocation');
    const call = last?.toolInvocation;
    if (call?.state !== 'result') throw new Error(`No tool gave anything: ${JSON.stringify(last)}`);
    return call.result as Record<string, unknown>;
  }

  suggestions(id: string): Promise<Suggestion[]> {
    return this.user.json(`/api/document/${id}/suggestions`);
  }

  postVersion(id: string, body: unknown): Promise<Response> {
    return this.user.post(`/api/document/${id}/versions`, body);
  }

  async save(id: string, body: SaveVersionBody): Promise<SavedVersion> {
    const response = await this.postVersion(id, body);
    if (!response.ok) throw new Error(`Not saved: ${response.status} ${await response.text()}`);
    return (await response.json()) as SavedVersion;
  }

  patch(path: string, body: unknown): Promise<Response> {
    return this.user.fetch(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}

/** A save of what the person made of a version. */
export function saveBody(content: string, baseVersion: number): SaveVersionBody {
  return { saveId: randomUUID(), baseVersion, content };
}

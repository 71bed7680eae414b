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

/** A chat whose model works on documents, with the page's requests about them. */
export class DocumentChat {
  readonly chatId = randomUUID();
  private parentId: string | null = null;

  constructor(readonly user: TestUser) {}

  /** Sends a message that selects the scenario. The caller reads the answer. */
  async sendScenario(name: string, options: Record<string, unknown> = {}): Promise<AnswerStream> {
    const { chatId: id, parentId } = this;
    const body = this.user.messageBody(scenario(name, options), { id, parentId });
    const answer = await this.user.send(body);
    this.parentId = answer.response.headers.get('x-message-id');
    return answer;
  }

  /** As `sendScenario`, and waits for the end of the answer. */
  async runScenario(name: string, options: Record<string, unknown> = {}): Promise<AnswerStream> {
    return await (await this.sendScenario(name, options)).readToEnd();
  }

  /** Has the model create a document at full speed. Returns its id. */
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

  /** Returns the version that a document write of the model created. */
  readByWritingId(id: string, writingId: string): Promise<DocumentDetail> {
    return this.user.json(`/api/document/${id}?writing=${encodeURIComponent(writingId)}`);
  }

  versions(id: string): Promise<VersionSummary[]> {
    return this.user.json(`/api/document/${id}/versions`);
  }

  /** Returns the stored result of the last tool call of the newest answer. */
  async lastToolResult(): Promise<Record<string, unknown>> {
    const { messages } = await this.user.getChat(this.chatId);
    const last = messages.at(-1)?.parts.findLast((part) => part.type === 'tool-invocation');
    const call = last?.toolInvocation;
    if (call?.state !== 'result')
      throw new Error(`No tool returned a result: ${JSON.stringify(last)}`);
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

/** The body of a save by the user, based on a version. */
export function saveBody(content: string, baseVersion: number): SaveVersionBody {
  return { saveId: randomUUID(), baseVersion, content };
}

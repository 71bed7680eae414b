/**
 * Clients of the benchmarks: guests of the app, and the control, which requests the model directly.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { ChatDetail, ModelList } from '@/lib/protocol/api';
import { DATA_STREAM, MeasuredAnswer, MODEL_EVENTS } from './measured-answer';
import { MODEL_ID, type Model } from './model';

/** The answer that the model should send; options as in model-server.ts. */
export type AnswerSpec = {
  count: number;
  rate?: number;
  delay?: number;
  title?: number;
  key?: string;
};

function messageFor(spec: AnswerSpec): string {
  const options = Object.entries(spec).map(([name, value]) => `${name}=${value}`);
  return `Tell me what the time is, and again. [[bench ${options.join(' ')}]]`;
}

/** The position of a turn: in a new chat, or after an answer. */
export type TurnPosition = { chatId: string; parentId: string | null };

export function newChat(): TurnPosition {
  return { chatId: randomUUID(), parentId: null };
}

/** Keeps connections open, as browsers do. */
function makeAgent(): http.Agent {
  return new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
}

export class BenchUser {
  private constructor(
    readonly baseUrl: string,
    private readonly cookie: string,
    private readonly modelRef: string,
    private readonly agent: http.Agent,
  ) {}

  /** Creates a guest who uses the app's default model. */
  static async createGuest(baseUrl: string): Promise<BenchUser> {
    const response = await fetch(`${baseUrl}/api/session`, {
      method: 'POST',
      headers: { origin: baseUrl },
    });
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    await response.arrayBuffer();
    const list = await fetch(`${baseUrl}/api/models`, { headers: { cookie } });
    const { defaultRef } = (await list.json()) as ModelList;
    if (!defaultRef) throw new Error('The app lists no model');
    return new BenchUser(baseUrl, cookie, defaultRef, makeAgent());
  }

  /** Creates several guests, up to 8 at a time. */
  static async createGuests(baseUrl: string, count: number): Promise<BenchUser[]> {
    const users: BenchUser[] = [];
    while (users.length < count) {
      const group = Math.min(8, count - users.length);
      users.push(
        ...(await Promise.all(Array.from({ length: group }, () => BenchUser.createGuest(baseUrl)))),
      );
    }
    return users;
  }

  /** The same user on another process of the installation. */
  onServer(baseUrl: string): BenchUser {
    return new BenchUser(baseUrl, this.cookie, this.modelRef, makeAgent());
  }

  send({ chatId, parentId }: TurnPosition, spec: AnswerSpec): MeasuredAnswer {
    const text = messageFor(spec);
    return this.request('/api/chat', {
      body: {
        id: chatId,
        message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] },
        parentId,
        selectedChatModel: this.modelRef,
      },
    });
  }

  /** Resumes reading after the first `after` lines. */
  resume(chatId: string, after: number): MeasuredAnswer {
    const path = `/api/chat?chatId=${chatId}&after=${after}`;
    return this.request(path, { method: 'GET', resumed: after > 0 });
  }

  async stop(chatId: string): Promise<void> {
    const path = `${this.baseUrl}/api/chat/${chatId}/stop`;
    const headers = { cookie: this.cookie, origin: this.baseUrl };
    const response = await fetch(path, { method: 'POST', headers });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
  }

  async chat(chatId: string): Promise<ChatDetail> {
    const path = `${this.baseUrl}/api/chat/${chatId}`;
    const response = await fetch(path, { headers: { cookie: this.cookie } });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as ChatDetail;
  }

  private request(
    path: string,
    options: { method?: 'GET' | 'POST'; body?: unknown; resumed?: boolean },
  ): MeasuredAnswer {
    return new MeasuredAnswer({
      ...options,
      format: DATA_STREAM,
      url: `${this.baseUrl}${path}`,
      headers: { cookie: this.cookie, origin: this.baseUrl },
      agent: this.agent,
    });
  }
}

const controlAgent = makeAgent();

/** Requests an answer from the model directly: the limit of the machine and of this client. */
export function requestModel(model: Model, spec: AnswerSpec): MeasuredAnswer {
  return new MeasuredAnswer({
    format: MODEL_EVENTS,
    url: `${model.baseUrl}/chat/completions`,
    body: {
      model: MODEL_ID,
      stream: true,
      messages: [{ role: 'user', content: messageFor(spec) }],
    },
    agent: controlAgent,
  });
}

/** Who asks: guests of the app with their session, and the control, who asks the model itself. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { ChatDetail, ModelList } from '@/lib/protocol/api';
import { DATA_STREAM, MeasuredAnswer, MODEL_EVENTS } from './measured-answer';
import { MODEL_ID, type Model } from './model';

/** What the model shall do. @see model-server.ts */
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

/** Where a turn belongs: a new chat, or behind an answer. */
export type TurnPosition = { chatId: string; parentId: string | null };

export function newChat(): TurnPosition {
  return { chatId: randomUUID(), parentId: null };
}

/** Browsers keep connections open. */
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

  /** A new guest. */
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

  /** Several guests, a few at a time. */
  static async createGuests(baseUrl: string, howMany: number): Promise<BenchUser[]> {
    const users: BenchUser[] = [];
    while (users.length < howMany) {
      const group = Math.min(8, howMany - users.length);
      users.push(
        ...(await Promise.all(Array.from({ length: group }, () => BenchUser.createGuest(baseUrl)))),
      );
    }
    return users;
  }

  /** The same person at another process of the installation. */
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

  /** Goes on reading behind the first `after` lines. */
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

/** Asks the model without the app: what the machine and this client can do by themselves. */
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

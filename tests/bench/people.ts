/** Who asks: guests of the app with their session, and the control, who asks the model itself. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { ChatDetail, ModelList } from '@/lib/protocol/api';
import { DATA_STREAM, Hearing, MODEL_EVENTS } from './hearing';
import { MODEL_ID, type Model } from './model';

/** What the model shall do. @see model-server.ts */
export type Wish = {
  count: number;
  rate?: number;
  delay?: number;
  title?: number;
  key?: string;
};

function questionFor(wish: Wish): string {
  const options = Object.entries(wish).map(([name, value]) => `${name}=${value}`);
  return `Tell me what the time is, and again. [[bench ${options.join(' ')}]]`;
}

/** Where a turn belongs: a new chat, or behind an answer. */
export type Place = { chatId: string; parentId: string | null };

export function newChat(): Place {
  return { chatId: randomUUID(), parentId: null };
}

/** Browsers keep connections open. */
function makeAgent(): http.Agent {
  return new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
}

export class Person {
  private constructor(
    readonly baseUrl: string,
    private readonly cookie: string,
    private readonly modelRef: string,
    private readonly agent: http.Agent,
  ) {}

  /** A new guest. */
  static async arrive(baseUrl: string): Promise<Person> {
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
    return new Person(baseUrl, cookie, defaultRef, makeAgent());
  }

  /** Several guests, a few at a time. */
  static async arriveAll(baseUrl: string, howMany: number): Promise<Person[]> {
    const people: Person[] = [];
    while (people.length < howMany) {
      const group = Math.min(8, howMany - people.length);
      people.push(
        ...(await Promise.all(Array.from({ length: group }, () => Person.arrive(baseUrl)))),
      );
    }
    return people;
  }

  /** The same person at another process of the installation. */
  at(baseUrl: string): Person {
    return new Person(baseUrl, this.cookie, this.modelRef, makeAgent());
  }

  ask({ chatId, parentId }: Place, wish: Wish): Hearing {
    const text = questionFor(wish);
    return this.hear('/api/chat', {
      body: {
        id: chatId,
        message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] },
        parentId,
        selectedChatModel: this.modelRef,
      },
    });
  }

  /** Goes on reading behind the first `after` lines. */
  resume(chatId: string, after: number): Hearing {
    const path = `/api/chat?chatId=${chatId}&after=${after}`;
    return this.hear(path, { method: 'GET', resumed: after > 0 });
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

  private hear(
    path: string,
    options: { method?: 'GET' | 'POST'; body?: unknown; resumed?: boolean },
  ): Hearing {
    return new Hearing({
      ...options,
      dialect: DATA_STREAM,
      url: `${this.baseUrl}${path}`,
      headers: { cookie: this.cookie, origin: this.baseUrl },
      agent: this.agent,
    });
  }
}

const controlAgent = makeAgent();

/** Asks the model without the app: what the machine and this client can do by themselves. */
export function askModel(model: Model, wish: Wish): Hearing {
  return new Hearing({
    dialect: MODEL_EVENTS,
    url: `${model.baseUrl}/chat/completions`,
    body: {
      model: MODEL_ID,
      stream: true,
      messages: [{ role: 'user', content: questionFor(wish) }],
    },
    agent: controlAgent,
  });
}

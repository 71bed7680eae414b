/** An answer measured over HTTP: from the app, or directly from the model with the same code. */
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { now, STAMP_LENGTH, timeFromStamp } from './clock';

/** How to read the lines of a stream. `textOf` returns null for a line without text. */
export type StreamFormat = {
  textOf(line: string): string | null;
  isLast(line: string): boolean;
};

/** The data stream of the app. */
export const DATA_STREAM: StreamFormat = {
  textOf: (line) => (line.startsWith('0:') ? (JSON.parse(line.slice(2)) as string) : null),
  isLast: (line) => line.startsWith('d:'),
};

const CONTENT = '"delta":{"content":"';

/** The events of the model server. */
export const MODEL_EVENTS: StreamFormat = {
  textOf(line) {
    const start = line.indexOf(CONTENT);
    if (start === -1) return null;
    return line.slice(start + CONTENT.length, line.indexOf('"', start + CONTENT.length));
  },
  isLast: (line) => line === 'data: [DONE]',
};

export type AnswerRequest = {
  format: StreamFormat;
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: unknown;
  agent: http.Agent;
  /** Reading starts after the beginning of the answer, which holds the model's request time. */
  resumed?: boolean;
};

/** Sends the request and records times, as given by `now()`. */
export class MeasuredAnswer {
  readonly requestedAt = now();
  /** When the request reached the model, as reported by the model. */
  modelRequestedAt = Number.NaN;
  /** When the first token was received. */
  firstTokenAt = Number.NaN;
  /** When the last line was received; NaN if the stream was interrupted. */
  endedAt = Number.NaN;
  /** For each token, when the model sent it and when it was received. */
  readonly sentAt: number[] = [];
  readonly receivedAt: number[] = [];
  tokens = 0;
  /** Non-blank lines. */
  lines = 0;
  headers: http.IncomingHttpHeaders = {};
  /**
   * Resolves when the response ends or breaks. Rejects if it never starts, or not with status 200.
   */
  readonly done: Promise<this>;
  private request: http.ClientRequest | undefined;
  private lineBuffer = '';
  private stampBuffer = '';
  private readonly listeners = new Set<() => void>();

  constructor(private readonly answerRequest: AnswerRequest) {
    this.done = new Promise((resolve, reject) => this.open(resolve, reject));
    // Not unhandled: `waitForTokens` and `waitForEnd` report the error.
    this.done.catch(() => {});
  }

  /** Resolves once this many tokens are received. @throws if the response ends before */
  async waitForTokens(tokens: number): Promise<this> {
    while (this.tokens < tokens) {
      const more = new Promise<boolean>((resolve) => this.listeners.add(() => resolve(true)));
      if (!(await Promise.race([more, this.done.then(() => false)]))) break;
    }
    if (this.tokens < tokens) throw new Error(`The answer ended after ${this.tokens} tokens`);
    return this;
  }

  /** Resolves at the end. @throws if the stream was interrupted before its last line */
  async waitForEnd(): Promise<this> {
    await this.done;
    if (Number.isNaN(this.endedAt)) throw new Error(`A stream broke off at token ${this.tokens}`);
    return this;
  }

  /** Disconnects, as a closed tab does. */
  disconnect(): void {
    this.request?.destroy();
  }

  /** Milliseconds from the request to the first token, excluding the time the model took for it. */
  get firstTokenMs(): number {
    const [firstSentAt = Number.NaN] = this.sentAt;
    return this.firstTokenAt - this.requestedAt - (firstSentAt - this.modelRequestedAt);
  }

  /** For each token, milliseconds from the model to this client. */
  get lags(): number[] {
    return this.receivedAt.map((at, i) => at - (this.sentAt[i] ?? Number.NaN));
  }

  private open(resolve: (answer: this) => void, reject: (error: Error) => void): void {
    const { url, method = 'POST', headers, body, agent } = this.answerRequest;
    const serializedBody = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(url, {
      method,
      agent,
      headers: {
        ...headers,
        ...(serializedBody !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(serializedBody),
        }),
      },
    });
    this.request = request;
    let response: http.IncomingMessage | undefined;
    request.on('error', (error) => {
      if (response) resolve(this);
      // The server closed the idle connection just before: retry, as browsers do.
      else if (request.reusedSocket) this.open(resolve, reject);
      else reject(error);
    });
    request.once('response', (incoming) => {
      response = incoming;
      this.headers = incoming.headers;
      if (incoming.statusCode !== 200) reject(new Error(`${url}: ${incoming.statusCode}`));
      incoming.setEncoding('utf8');
      incoming.on('data', (text: string) => this.readChunk(text));
      incoming.once('close', () => resolve(this));
      // A broken connection resolves `done` like any other end.
      incoming.on('error', () => {});
    });
    request.end(serializedBody);
  }

  private readChunk(text: string): void {
    const at = now();
    const lines = (this.lineBuffer + text).split('\n');
    this.lineBuffer = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '' || line === '\r') continue;
      this.lines += 1;
      const tokenText = this.answerRequest.format.textOf(line);
      if (tokenText !== null) this.readTokens(tokenText, at);
      else if (this.answerRequest.format.isLast(line)) this.endedAt = at;
    }
    for (const listener of this.listeners) listener();
    this.listeners.clear();
  }

  private readTokens(tokenText: string, at: number): void {
    const stamps = this.stampBuffer + tokenText.replaceAll(' ', '');
    const completeLength = stamps.length - (stamps.length % STAMP_LENGTH);
    this.stampBuffer = stamps.slice(completeLength);
    for (let i = 0; i < completeLength; i += STAMP_LENGTH) {
      const sentAt = timeFromStamp(stamps.slice(i, i + STAMP_LENGTH), at);
      if (!this.answerRequest.resumed && Number.isNaN(this.modelRequestedAt)) {
        this.modelRequestedAt = sentAt;
        continue;
      }
      if (Number.isNaN(this.firstTokenAt)) this.firstTokenAt = at;
      this.tokens += 1;
      this.sentAt.push(sentAt);
      this.receivedAt.push(at);
    }
  }
}

/** Starts `count` answers, evenly spread over `overMs`. Resolves when all have started. */
export async function startEvenly(
  count: number,
  overMs: number,
  startAnswer: (i: number) => MeasuredAnswer,
): Promise<MeasuredAnswer[]> {
  const startedAt = now();
  const answers: MeasuredAnswer[] = [];
  for (let i = 0; i < count; i++) {
    const waitMs = startedAt + (i * overMs) / count - now();
    if (waitMs > 1) await sleep(waitMs);
    answers.push(startAnswer(i));
  }
  return answers;
}

/** Resolves when all answers have ended. @throws if one is interrupted */
export function waitForAll(answers: MeasuredAnswer[]): Promise<MeasuredAnswer[]> {
  return Promise.all(answers.map((answer) => answer.waitForEnd()));
}

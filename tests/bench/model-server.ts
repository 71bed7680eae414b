/**
 * The model that benchmarks ask: an OpenAI-compatible server in a process of its own that costs
 * little, so that the machine is left to what is measured. Started by model.ts.
 *
 * What a question wants is written in it: `[[bench count=500 rate=50 delay=0 title=0 key=x]]`, with
 * the number of tokens, tokens a second (0: as fast as the reader takes them), milliseconds before
 * the first token and before a title, and a name to tell the answer by.
 *
 * Every token is a stamp of the time at which it was sent. The first delta holds two: when the
 * request came, and when the delta was sent.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { now, STAMP_LENGTH, stampOf } from './clock';
import { histogram } from './histogram';
import { MODEL_ID, type ModelReport } from './model';

const TICK_MS = 2;
const HEAD =
  '"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench"';

type Wish = { count: number; rate: number; delay: number; title: number; key: string };

/** An answer being given at a rate. */
type Paced = { response: http.ServerResponse; wish: Wish; startedAt: number; sent: number };

const paced = new Set<Paced>();
const lateness = histogram();

function frame(text: string): string {
  const event = `data: {${HEAD},"choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

const [BEFORE, BEHIND] = frame('#'.repeat(STAMP_LENGTH).concat(' ')).split(
  '#'.repeat(STAMP_LENGTH),
);

function tokenFrame(at: number): string {
  return `${BEFORE}${stampOf(at)}${BEHIND}`;
}

function answer(response: http.ServerResponse, wish: Wish, arrivedAt: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  response.once('close', () => {
    if (wish.key === '') return;
    report({ kind: 'closed', key: wish.key, at: now(), whole: response.writableFinished });
  });
  const begin = () => {
    if (response.destroyed) return;
    const startedAt = now();
    write(response, frame(`${stampOf(arrivedAt)} ${stampOf(startedAt)} `));
    if (wish.rate === 0) flood(response, wish.count - 1);
    else keepPace({ response, wish, startedAt, sent: 1 });
  };
  if (wish.delay === 0) begin();
  else setTimeout(begin, wish.delay);
}

/** Past the response's own framing: a chunk is one string and one write. */
function write(response: http.ServerResponse, framed: string): boolean {
  return response.socket?.write(framed, 'latin1') ?? true;
}

function finish(response: http.ServerResponse): void {
  response.end(
    `data: {${HEAD},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`,
  );
}

function flood(response: http.ServerResponse, count: number): void {
  let left = count;
  const go = () => {
    while (left > 0) {
      if (response.destroyed) return;
      left--;
      if (!write(response, tokenFrame(now())) && left > 0) {
        response.socket?.once('drain', go);
        return;
      }
    }
    finish(response);
  };
  go();
}

function keepPace(stream: Paced): void {
  paced.add(stream);
  if (paced.size === 1) setTimeout(tick, TICK_MS);
}

/** Sends of every answer what is due. Late ticks are made up for. */
function tick(): void {
  const at = now();
  for (const stream of paced) {
    const { response, wish, startedAt } = stream;
    const due = Math.min(wish.count, Math.floor(((at - startedAt) * wish.rate) / 1000) + 1);
    if (due > stream.sent) {
      lateness.add(at - startedAt - (stream.sent * 1000) / wish.rate);
      write(response, tokenFrame(now()).repeat(due - stream.sent));
      stream.sent = due;
    }
    if (stream.sent >= wish.count && !response.destroyed) finish(response);
    if (stream.sent >= wish.count || response.destroyed) paced.delete(stream);
  }
  if (paced.size > 0) setTimeout(tick, TICK_MS);
}

function readWish(body: string): Wish {
  const start = body.lastIndexOf('[[bench ');
  const options = start === -1 ? '' : body.slice(start + 8, body.indexOf(']]', start));
  const given = new Map(options.split(' ').map((pair) => pair.split('=') as [string, string]));
  const number = (name: string, otherwise: number) => Number(given.get(name) ?? otherwise);
  return {
    count: number('count', 5),
    rate: number('rate', 0),
    delay: number('delay', 0),
    title: number('title', 0),
    key: given.get('key') ?? '',
  };
}

function handle(request: http.IncomingMessage, response: http.ServerResponse): void {
  const arrivedAt = now();
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => (body += text));
  request.on('end', () => {
    if (request.method === 'GET') {
      sendJson(response, { object: 'list', data: [{ id: MODEL_ID, object: 'model' }] });
      return;
    }
    const wish = readWish(body);
    if (body.includes('"stream":true')) answer(response, wish, arrivedAt);
    else setTimeout(() => sendJson(response, TITLE), wish.title);
  });
}

const TITLE = {
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: MODEL_ID,
  choices: [
    { index: 0, message: { role: 'assistant', content: 'A measured chat' }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 },
};

function sendJson(response: http.ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function report(message: ModelReport): void {
  process.send?.(message);
}

const server = http.createServer(handle);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () => {
  report({ kind: 'ready', port: (server.address() as AddressInfo).port });
});
process.on('message', () => {
  report({ kind: 'lateness', p99: lateness.percentile(0.99) });
  lateness.clear();
});
process.once('disconnect', () => process.exit(0));

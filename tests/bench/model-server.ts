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

type AnswerSpec = { count: number; rate: number; delay: number; title: number; key: string };

/** An answer being given at a rate. */
type Paced = { response: http.ServerResponse; spec: AnswerSpec; startedAt: number; sent: number };

const paced = new Set<Paced>();
const sendLag = histogram();

function frame(text: string): string {
  const event = `data: {${HEAD},"choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

const [BEFORE, AFTER] = frame('#'.repeat(STAMP_LENGTH).concat(' ')).split('#'.repeat(STAMP_LENGTH));

function tokenFrame(at: number): string {
  return `${BEFORE}${stampOf(at)}${AFTER}`;
}

function answer(response: http.ServerResponse, spec: AnswerSpec, arrivedAt: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  response.once('close', () => {
    if (spec.key === '') return;
    report({ kind: 'closed', key: spec.key, at: now(), isComplete: response.writableFinished });
  });
  const begin = () => {
    if (response.destroyed) return;
    const startedAt = now();
    write(response, frame(`${stampOf(arrivedAt)} ${stampOf(startedAt)} `));
    if (spec.rate === 0) sendAtFullSpeed(response, spec.count - 1);
    else addPaced({ response, spec, startedAt, sent: 1 });
  };
  if (spec.delay === 0) begin();
  else setTimeout(begin, spec.delay);
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

function sendAtFullSpeed(response: http.ServerResponse, count: number): void {
  let remaining = count;
  const sendNext = () => {
    while (remaining > 0) {
      if (response.destroyed) return;
      remaining--;
      if (!write(response, tokenFrame(now())) && remaining > 0) {
        response.socket?.once('drain', sendNext);
        return;
      }
    }
    finish(response);
  };
  sendNext();
}

function addPaced(stream: Paced): void {
  paced.add(stream);
  if (paced.size === 1) setTimeout(tick, TICK_MS);
}

/** Sends of every answer what is due. Late ticks are made up for. */
function tick(): void {
  const at = now();
  for (const stream of paced) {
    const { response, spec, startedAt } = stream;
    const due = Math.min(spec.count, Math.floor(((at - startedAt) * spec.rate) / 1000) + 1);
    if (due > stream.sent) {
      sendLag.add(at - startedAt - (stream.sent * 1000) / spec.rate);
      write(response, tokenFrame(now()).repeat(due - stream.sent));
      stream.sent = due;
    }
    if (stream.sent >= spec.count && !response.destroyed) finish(response);
    if (stream.sent >= spec.count || response.destroyed) paced.delete(stream);
  }
  if (paced.size > 0) setTimeout(tick, TICK_MS);
}

function parseSpec(body: string): AnswerSpec {
  const start = body.lastIndexOf('[[bench ');
  const options = start === -1 ? '' : body.slice(start + 8, body.indexOf(']]', start));
  const optionMap = new Map(options.split(' ').map((pair) => pair.split('=') as [string, string]));
  const number = (name: string, fallback: number) => Number(optionMap.get(name) ?? fallback);
  return {
    count: number('count', 5),
    rate: number('rate', 0),
    delay: number('delay', 0),
    title: number('title', 0),
    key: optionMap.get('key') ?? '',
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
    const spec = parseSpec(body);
    if (body.includes('"stream":true')) answer(response, spec, arrivedAt);
    else setTimeout(() => sendJson(response, TITLE), spec.title);
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
  report({ kind: 'lateness', p99: sendLag.percentile(0.99) });
  sendLag.clear();
});
process.once('disconnect', () => process.exit(0));

/**
 * The model of the benchmarks: an OpenAI-compatible server in a separate process. It uses little
 * CPU, which leaves the machine to the app. Started by model.ts.
 *
 * The user message contains the options: `[[bench count=500 rate=50 delay=0 title=0 key=x]]` are
 * the number of tokens, tokens per second (0: as fast as the reader accepts them), milliseconds
 * before the first token and before a title, and a name that identifies the answer.
 *
 * Every token is a stamp of its send time. The first delta contains two stamps: when the request
 * arrived, and when the delta was sent.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatStamp, now, STAMP_LENGTH } from './clock';
import { histogram } from './histogram';
import { MODEL_ID, type ModelReport } from './model';

const TICK_MS = 2;
const HEAD =
  '"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"bench"';

type AnswerSpec = { count: number; rate: number; delay: number; title: number; key: string };

/** An answer that is sent at a rate. */
type PacedAnswer = {
  response: http.ServerResponse;
  spec: AnswerSpec;
  startedAt: number;
  sent: number;
};

const paced = new Set<PacedAnswer>();
const sendLag = histogram();

function frame(text: string): string {
  const event = `data: {${HEAD},"choices":[{"index":0,"delta":{"content":"${text}"},"finish_reason":null}]}\n\n`;
  return `${event.length.toString(16)}\r\n${event}\r\n`;
}

const [BEFORE, AFTER] = frame('#'.repeat(STAMP_LENGTH).concat(' ')).split('#'.repeat(STAMP_LENGTH));

function tokenFrame(at: number): string {
  return `${BEFORE}${formatStamp(at)}${AFTER}`;
}

function sendAnswer(response: http.ServerResponse, spec: AnswerSpec, arrivedAt: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  response.once('close', () => {
    if (spec.key === '') return;
    report({ kind: 'closed', key: spec.key, at: now(), isComplete: response.writableFinished });
  });
  const start = () => {
    if (response.destroyed) return;
    const startedAt = now();
    write(response, frame(`${formatStamp(arrivedAt)} ${formatStamp(startedAt)} `));
    if (spec.rate === 0) sendAtFullSpeed(response, spec.count - 1);
    else addPaced({ response, spec, startedAt, sent: 1 });
  };
  if (spec.delay === 0) start();
  else setTimeout(start, spec.delay);
}

/**
 * Writes to the socket, bypassing the response's own framing: one string and one write per chunk.
 */
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

function addPaced(stream: PacedAnswer): void {
  paced.add(stream);
  if (paced.size === 1) setTimeout(tick, TICK_MS);
}

/** Sends all due tokens of every answer, including those that a late tick missed. */
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
  const index = body.lastIndexOf('[[bench ');
  const options = index === -1 ? '' : body.slice(index + 8, body.indexOf(']]', index));
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
    if (body.includes('"stream":true')) sendAnswer(response, spec, arrivedAt);
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

/** Streams that are valid but unusual, and mislabeled ones that can still be read. */
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import type { ScenarioContext } from './scenario';

const WORDS = ['Grüße, ', '世界 ', '👩‍🚀🚀 ', 'ok'];
/** The text of every one of these streams. */
export const UNUSUAL_STREAM_TEXT = WORDS.join('');

function chunk(content: string): string {
  return JSON.stringify({ choices: [{ index: 0, delta: { content } }] });
}
const END = JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });

const STREAM = 'text/event-stream';
const WHOLE_STREAM = [...WORDS.map(chunk), END, '[DONE]']
  .map((data) => `data: ${data}\n\n`)
  .join('');
const WHOLE_JSON = JSON.stringify(
  { choices: [{ index: 0, message: { content: UNUSUAL_STREAM_TEXT }, finish_reason: 'stop' }] },
  null,
  2,
);

function sendAs(contentType: string | null, body: string, reply: ScenarioContext['reply']): void {
  reply.response.writeHead(200, contentType === null ? {} : { 'content-type': contentType });
  reply.response.write(body);
}

type StreamVariant = (play: ScenarioContext) => Promise<void> | void;

const STREAM_VARIANTS: Record<string, StreamVariant> = {
  crlf({ reply }) {
    for (const word of [...WORDS.map(chunk), END, '[DONE]']) reply.raw(`data: ${word}\r\n\r\n`);
  },

  /** Every byte in its own chunk, which splits characters and line ends. */
  async bytes({ reply }) {
    const lines = [...WORDS.map(chunk), END, '[DONE]'].map((data) => `data: ${data}\r\n\r\n`);
    for (const byte of Buffer.from(lines.join(''))) {
      reply.raw(Buffer.of(byte));
      await sleep(0);
    }
  },

  comments({ reply }) {
    reply.raw(': first a comment\n\nid: 7\nretry: 100\n\n');
    for (const word of WORDS) reply.raw(`:ping\n\nevent: message\ndata:${chunk(word)}\n\n`);
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  'multi-line'({ reply }) {
    for (const word of WORDS) {
      const lines = JSON.stringify(JSON.parse(chunk(word)), null, 1).split('\n');
      reply.raw(`${lines.map((line) => `data: ${line}`).join('\n')}\n\n`);
    }
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  /** Chunks without choices, a role alone, empty and null contents, and null usage. */
  'empty-chunks'({ reply }) {
    reply.raw('data: {"id":"x","choices":[]}\n\n');
    reply.raw('data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}\n\n');
    for (const word of WORDS) reply.raw(`data: ${chunk(word)}\n\ndata: ${chunk('')}\n\n`);
    reply.raw(`data: ${END}\n\ndata: {"choices":[],"usage":null}\n\ndata: [DONE]\n\n`);
  },

  /** Surrogate pairs split between two deltas. */
  surrogates({ reply }) {
    for (const unit of UNUSUAL_STREAM_TEXT.split('')) reply.raw(`data: ${chunk(unit)}\n\n`);
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  /** A finish reason without [DONE]. */
  'no-done'({ reply }) {
    for (const word of [...WORDS.map(chunk), END]) reply.raw(`data: ${word}\n\n`);
  },

  /** [DONE] without a finish reason. */
  'no-finish'({ reply }) {
    for (const word of [...WORDS.map(chunk), '[DONE]']) reply.raw(`data: ${word}\n\n`);
  },

  /** Contents as lists of parts. */
  parts({ reply }) {
    for (const text of WORDS) {
      const delta = { content: [{ type: 'text', text }] };
      reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`);
    }
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  /** Compressed although not requested; each chunk can be decoded as it arrives. */
  async gzip({ reply }) {
    const gzip = zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    reply.response.writeHead(200, { 'content-type': STREAM, 'content-encoding': 'gzip' });
    gzip.pipe(reply.response);
    for (const data of [...WORDS.map(chunk), END, '[DONE]']) {
      gzip.write(`data: ${data}\n\n`);
      await sleep(0);
    }
    gzip.end();
    await finished(reply.response);
  },

  /** An event stream labeled as JSON. */
  'labeled-json': ({ reply }) => sendAs('application/json', WHOLE_STREAM, reply),
  /** One JSON document labeled as text, labeled as a stream, or without a content type. */
  'json-as-text': ({ reply }) => sendAs('text/plain', WHOLE_JSON, reply),
  'json-as-stream': ({ reply }) => sendAs(STREAM, WHOLE_JSON, reply),
  'json-unlabeled': ({ reply }) => sendAs(null, WHOLE_JSON, reply),

  /** A byte order mark, and single line ends between events. */
  'single-line-ends': ({ reply }) =>
    sendAs(STREAM, `\uFEFF${WHOLE_STREAM.replaceAll('\n\n', '\n')}`, reply),

  /** Keep-alives, one every 100 ms, for 2.5 s before the first word and again between words. */
  async 'keep-alive'({ reply }) {
    for (const [index, word] of WORDS.entries()) {
      if (index % 2 === 0) {
        for (let keepAlives = 0; keepAlives < 25; keepAlives += 1) {
          reply.raw(keepAlives % 2 ? ': keep-alive\n\n' : 'data: {"type":"ping"}\n\n');
          await sleep(100);
        }
      }
      reply.raw(`data: ${chunk(word)}\n\n`);
    }
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  /** A finished answer whose connection stays open. */
  async 'left-open'({ reply }) {
    for (const word of [...WORDS.map(chunk), END]) reply.raw(`data: ${word}\n\n`);
    while (!reply.signal.aborted) await sleep(50);
  },
};

export async function playUnusualStream(play: ScenarioContext): Promise<void> {
  await STREAM_VARIANTS[play.line.options.get('kind') ?? 'crlf']?.(play);
  play.reply.response.end();
}

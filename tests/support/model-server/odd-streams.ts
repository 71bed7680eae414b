/** Streams that are right by the letter, and unusual. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Play } from './scenarios';

const WORDS = ['Grüße, ', '世界 ', '👩‍🚀🚀 ', 'ok'];
/** What every one of these streams says. */
export const ODD_STREAM_TEXT = WORDS.join('');

function chunk(content: string): string {
  return JSON.stringify({ choices: [{ index: 0, delta: { content } }] });
}
const END = JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });

type Kind = (play: Play) => Promise<void> | void;

const KINDS: Record<string, Kind> = {
  crlf({ reply }) {
    for (const word of [...WORDS.map(chunk), END, '[DONE]']) reply.raw(`data: ${word}\r\n\r\n`);
  },

  /** Every byte by itself, so that characters and line ends are split. */
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

  /** Chunks without choices, a role alone, empty and null contents, usage that says nothing. */
  'empty-chunks'({ reply }) {
    reply.raw('data: {"id":"x","choices":[]}\n\n');
    reply.raw('data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}\n\n');
    for (const word of WORDS) reply.raw(`data: ${chunk(word)}\n\ndata: ${chunk('')}\n\n`);
    reply.raw(`data: ${END}\n\ndata: {"choices":[],"usage":null}\n\ndata: [DONE]\n\n`);
  },

  /** Surrogate pairs split between two deltas. */
  surrogates({ reply }) {
    for (const unit of ODD_STREAM_TEXT.split('')) reply.raw(`data: ${chunk(unit)}\n\n`);
    reply.raw(`data: ${END}\n\ndata: [DONE]\n\n`);
  },

  /** It ends after the finish reason, without [DONE]. */
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

  /** It finishes, and then keeps the connection open. */
  async 'left-open'({ reply }) {
    for (const word of [...WORDS.map(chunk), END]) reply.raw(`data: ${word}\n\n`);
    while (!reply.signal.aborted) await sleep(50);
  },
};

export async function playOddStream(play: Play): Promise<void> {
  await KINDS[play.line.options.get('kind') ?? 'crlf']?.(play);
  play.reply.response.end();
}

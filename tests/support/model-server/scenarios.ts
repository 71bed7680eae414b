/** What the tests' model server can do, by name. Each takes its options from the scenario's line. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChatCompletionRequest,
  lastUserText,
  toolResults,
} from '@/lib/server/models/demo/chat-completion-request';
import { TOPICS } from '@/lib/server/models/demo/demo-topics';
import { sendError, sendJson } from '@/lib/server/models/demo/openai-server';
import { playAtRate, waitOrAbort } from '@/lib/server/models/demo/play-at-rate';
import type { Reply } from '@/lib/server/models/demo/reply';
import { DOCUMENT_SCENARIOS } from './documents';
import { playMalformedToolCall } from './malformed-tool-calls';
import { joinInBursts, numberedMarkdown } from './numbered-markdown';
import { CLOSED_BY_SCRIPT } from './request-log';
import { numberOption, type ScenarioLine } from './scenario-line';
import { playUnusualStream } from './unusual-streams';

export type ScenarioContext = {
  reply: Reply;
  request: ChatCompletionRequest;
  line: ScenarioLine;
  /** What there is already of the answer that it shall go on with. */
  partialAnswer: string;
  /** How often this very scenario was asked for before. */
  priorRequests: number;
  /** Waits until the test lets held answers go on. */
  waitForRelease: (signal: AbortSignal) => Promise<void>;
};

export type Scenario = (play: ScenarioContext) => Promise<void> | void;

/** `t0 t1 t2 …`, from `first` on. */
function numbered(letter: string, count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${first + index} `);
}

/**
 * Numbered tokens. Options: n, rate (tokens a second; 0: all at once), burst (tokens that come in
 * one piece), delay (ms before the first), hold (tokens after which it waits until it is released,
 * or several such numbers: `hold=10,20`). Goes on behind the last one where it is asked to go on
 * with an answer.
 */
async function tokens(
  play: ScenarioContext,
  count = numberOption(play.line, 'n', 20),
): Promise<void> {
  const { reply, line, waitForRelease } = play;
  const rate = numberOption(line, 'rate', 0);
  const delayMs = numberOption(line, 'delay', 0);
  if (delayMs > 0) await waitOrAbort(delayMs, reply.signal);
  const first = Number(/(\d+) $/.exec(play.partialAnswer)?.[1] ?? -1) + 1;
  const chunks = numbered(line.options.get('letter') ?? 't', count - first, first);
  const burst = numberOption(line, 'burst', 1);
  const stream = (chunks: string[]) =>
    playAtRate(
      joinInBursts(chunks, burst),
      rate / burst || Number.POSITIVE_INFINITY,
      reply.signal,
      reply.text,
    );
  let sentCount = 0;
  for (const token of line.options.get('hold')?.split(',') ?? []) {
    const hold = Math.max(0, Number(token) - first);
    // What is held at its very beginning is held there only once: not when it is gone on with.
    if (hold >= chunks.length || (hold === 0 && first > 0)) continue;
    await stream(chunks.slice(sentCount, hold));
    sentCount = hold;
    await waitForRelease(reply.signal);
  }
  await stream(chunks.slice(sentCount));
}

/** Numbered tokens, and then what breaks the answer. Option: after (tokens before it). */
async function streamTokensBefore(play: ScenarioContext): Promise<void> {
  await tokens(play, numberOption(play.line, 'after', 0));
}

/** Tokens first, then a silence until the client leaves. */
async function waitForDisconnect(reply: Reply): Promise<void> {
  while (!reply.signal.aborted) await waitOrAbort(60_000, reply.signal);
}

function disconnect(reply: Reply): void {
  Object.assign(reply.response, { [CLOSED_BY_SCRIPT]: true });
  reply.response.destroy();
}

export const SCENARIOS: Record<string, Scenario> = {
  async tokens(play) {
    await tokens(play);
    play.reply.finish();
  },

  /** Much text. Options: n (pieces), chars (of each), rate (pieces a second). */
  async bulk({ reply, line }) {
    const filler = 'x'.repeat(numberOption(line, 'chars', 4_000));
    const chunks = numbered('b', numberOption(line, 'n', 1_000)).map((name) => filler + name);
    const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
    await playAtRate(chunks, rate, reply.signal, reply.text);
    reply.finish();
  },

  echo({ reply, request }) {
    reply.text(`You said: ${lastUserText(request)}`);
    reply.finish();
  },

  /** Options: rate (words a second). */
  async markdown({ reply, line }) {
    await reply.streamWords('text', TOPICS[0]?.answer ?? '', numberOption(line, 'rate', 400));
    reply.finish();
  },

  /** Numbered tokens in all kinds of markdown. Options: n, rate (tokens a second), hold (pieces). */
  async prose({ reply, line, waitForRelease }) {
    const chunks = numberedMarkdown(numberOption(line, 'n', 200));
    const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
    const hold = numberOption(line, 'hold', chunks.length);
    await playAtRate(chunks.slice(0, hold), rate, reply.signal, reply.text);
    if (hold < chunks.length) await waitForRelease(reply.signal);
    await playAtRate(chunks.slice(hold), rate, reply.signal, reply.text);
    reply.finish();
  },

  /**
   * Options: text, what is said, as it is; rate (characters as a reader counts them a second; 0: all
   * in one piece).
   */
  async say({ reply, line }) {
    const text = line.options.get('text') ?? '';
    const rate = numberOption(line, 'rate', 0);
    const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    if (rate > 0) await playAtRate(characters, rate, reply.signal, reply.text);
    else reply.text(text);
    reply.finish();
  },

  /** Options: n (of thoughts `r0 r1 …`), field (reasoning_content or reasoning), rate. */
  async reasoning(play) {
    const { reply, line } = play;
    const field = line.options.get('field') ?? 'reasoning_content';
    const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
    const thoughts = numbered('r', numberOption(line, 'thoughts', 5));
    await playAtRate(thoughts, rate, reply.signal, (text) => reply.delta({ [field]: text }));
    await tokens(play);
    reply.finish();
  },

  /** Options: tag (think or thinking), begin=inside (no opening tag), end=never (no closing tag). */
  async think(play) {
    const { reply, line } = play;
    const tag = line.options.get('tag') ?? 'think';
    const open = line.options.get('begin') === 'inside' ? '' : `<${tag}>\n`;
    for (const char of open) reply.text(char);
    for (const thought of numbered('r', numberOption(line, 'thoughts', 5))) reply.text(thought);
    if (line.options.get('end') !== 'never') {
      for (const char of `\n</${tag}>\n\n`) reply.text(char);
      await tokens(play);
    }
    reply.finish();
  },

  /**
   * Calls a tool, then tells its result. Options: name, args (JSON), before (text before the call),
   * again (JSON: with these arguments it calls getWeather where the first call was a mistake), times
   * (how often it calls, round by round; default 1).
   */
  tool({ reply, request, line }) {
    const results = toolResults(request);
    const retryArgs = line.options.get('again');
    if (results.length < numberOption(line, 'times', 1)) {
      const args = line.options.get('args') ?? '{"city":"Oslo"}';
      reply.text(line.options.get('before') ?? '');
      reply.toolCall(line.options.get('name') ?? 'getWeather', JSON.parse(args));
    } else if (results.length === 1 && retryArgs) {
      reply.toolCall('getWeather', JSON.parse(retryArgs));
    } else {
      reply.text(`The tool said: ${results.at(-1)}`);
    }
    reply.finish();
  },

  /** Options: code, times (then it answers; default always), retry-after, message. */
  async status(play) {
    const { reply, line, priorRequests } = play;
    const times = numberOption(line, 'times', Number.POSITIVE_INFINITY);
    if (priorRequests >= times) return SCENARIOS.tokens?.(play);
    const retryAfter = line.options.get('retry-after');
    if (retryAfter) reply.response.setHeader('retry-after', retryAfter);
    const code = numberOption(line, 'code', 500);
    sendError(reply.response, code, line.options.get('message') ?? 'The script says no.');
  },

  /** Refuses a request that offers tools. Options: code, message, and as tokens. */
  'refuse-tools'(play) {
    if (!play.request.tools?.length) return SCENARIOS.tokens?.(play);
    const { options } = play.line;
    const message =
      options.get('message') ?? '"auto" tool choice requires --enable-auto-tool-choice';
    sendError(play.reply.response, numberOption(play.line, 'code', 400), message);
  },

  /** Refuses a conversation that holds tool calls. Options: as tokens. */
  'refuse-calls'(play) {
    if (!play.request.messages.some((message) => message.tool_calls))
      return SCENARIOS.tokens?.(play);
    sendError(play.reply.response, 400, "Invalid 'messages[1].tool_calls[0].function.name'.");
  },

  /**
   * As templates of Gemma and early Mistral do: refuses a system message, and roles that do not take
   * turns. Options: code, and as tokens.
   */
  'strict-roles'(play) {
    const roles = play.request.messages.map(({ role }) => role);
    const code = numberOption(play.line, 'code', 400);
    if (roles[0] === 'system') {
      sendError(play.reply.response, code, 'System role not supported');
    } else if (roles.some((role, index) => role !== (index % 2 === 0 ? 'user' : 'assistant'))) {
      const errorMessage = 'Conversation roles must alternate user/assistant/user/assistant/...';
      sendError(play.reply.response, code, errorMessage);
    } else {
      return SCENARIOS.tokens?.(play);
    }
  },

  /** Goes silent until the client leaves. Options: at (headers, first-token, middle), after. */
  async hang(play) {
    const at = play.line.options.get('at') ?? 'first-token';
    if (at === 'first-token') play.reply.raw(': waiting\n\n');
    if (at === 'middle') await streamTokensBefore(play);
    await waitForDisconnect(play.reply);
  },

  /** The connection is reset. Options: after, times (then it answers). */
  async die(play) {
    if (play.priorRequests >= numberOption(play.line, 'times', Number.POSITIVE_INFINITY)) {
      return SCENARIOS.tokens?.(play);
    }
    await streamTokensBefore(play);
    // What was written must have left before the socket goes.
    await sleep(20);
    disconnect(play.reply);
  },

  /** The answer just ends: no finish reason, no [DONE]. Options: after. */
  async eof(play) {
    await streamTokensBefore(play);
    play.reply.raw('');
    play.reply.response.end();
  },

  /** Options: after. */
  async garbage(play) {
    await streamTokensBefore(play);
    play.reply.raw('data: {"choices": [{"del\n\n');
    play.reply.response.end();
  },

  /** An error in the stream. Options: form (see ERROR_FORMS), after. */
  async error(play) {
    await streamTokensBefore(play);
    const form = play.line.options.get('form') ?? 'object';
    play.reply.raw(ERROR_FORMS[form] ?? '');
    play.reply.raw('data: [DONE]\n\n');
    play.reply.response.end();
  },

  /** The length limit ends it. Options: as tokens. */
  async length(play) {
    await tokens(play);
    play.reply.finish('length');
  },

  /** An answer without a word. */
  empty({ reply }) {
    reply.finish();
  },

  /** A whole JSON though a stream was asked for. */
  json({ reply, request }) {
    const message = { role: 'assistant', content: 'A whole answer.', reasoning_content: 'Hm.' };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    sendJson(reply.response, 200, { id: 'whole', model: request.model, choices });
  },

  /** Sends the client elsewhere, as a proxy in front that wants TLS does. */
  redirect({ reply }) {
    reply.response.writeHead(307, { location: 'https://127.0.0.1/v1/chat/completions' });
    reply.response.end();
  },

  /** A web page where an answer should be. */
  html({ reply }) {
    reply.response.writeHead(200, { 'content-type': 'text/html' });
    reply.response.end('<!doctype html>\n<html>\n<body>Sign in</body>\n</html>\n');
  },

  /** Options: kind, see odd-streams. */
  stream: playUnusualStream,
  /** Options: kind, see odd-tool-calls. */
  'odd-tool': playMalformedToolCall,
  ...DOCUMENT_SCENARIOS,
};

const ERROR_FORMS: Record<string, string> = {
  object: 'data: {"error":{"message":"CUDA out of memory","type":"server_error"}}\n\n',
  string: 'data: {"error":"CUDA out of memory"}\n\n',
  detail: 'data: {"detail":"CUDA out of memory"}\n\n',
  event: 'event: error\ndata: {"object":"error","message":"CUDA out of memory","code":500}\n\n',
  field: 'error: {"code":500,"message":"CUDA out of memory","type":"server_error"}\n\n',
  line: '{"error":{"message":"CUDA out of memory"}}\n\n',
  words: 'data: CUDA out of memory\n\n',
  'event-words': 'event: error\ndata: CUDA out of memory\n\n',
  finish: 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}\n\n',
};

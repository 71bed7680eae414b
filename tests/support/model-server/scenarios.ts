/** The scenarios of the tests' model server, by name. Options come from the scenario's line. */
import { setTimeout as sleep } from 'node:timers/promises';
import { lastUserText, toolResults } from '@/lib/server/models/demo/chat-completion-request';
import { TOPICS } from '@/lib/server/models/demo/demo-topics';
import { sendError, sendJson } from '@/lib/server/models/demo/openai-server';
import { playAtRate, waitOrAbort } from '@/lib/server/models/demo/play-at-rate';
import type { Reply } from '@/lib/server/models/demo/reply';
import { DOCUMENT_SCENARIOS } from './documents';
import { playMalformedToolCall } from './malformed-tool-calls';
import { joinInBursts, numberedMarkdown } from './numbered-markdown';
import { CLOSED_BY_SCRIPT } from './request-log';
import type { Scenario, ScenarioContext } from './scenario';
import { numberOption } from './scenario-line';
import { playUnusualStream } from './unusual-streams';

/** `count` tokens `t0 t1 t2 …`, numbered from `first`. */
function numbered(letter: string, count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${first + index} `);
}

/**
 * Streams numbered tokens. Options: n, letter, rate (tokens per second; 0: no delays), burst
 * (tokens per chunk), delay (ms before the first), hold (tokens after which it waits for the
 * release, or several such numbers: `hold=10,20`). A continuation starts after the last token of
 * the partial answer.
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
    // `hold=0` holds only a new answer, not its continuation.
    if (hold >= chunks.length || (hold === 0 && first > 0)) continue;
    await stream(chunks.slice(sentCount, hold));
    sentCount = hold;
    await waitForRelease(reply.signal);
  }
  await stream(chunks.slice(sentCount));
}

/** Streams the tokens that precede a failure. Option: after (the number of tokens). */
async function streamTokensBefore(play: ScenarioContext): Promise<void> {
  await tokens(play, numberOption(play.line, 'after', 0));
}

/** Sends nothing until the client disconnects. */
async function waitForDisconnect(reply: Reply): Promise<void> {
  while (!reply.signal.aborted) await waitOrAbort(60_000, reply.signal);
}

function closeConnection(reply: Reply): void {
  Object.assign(reply.response, { [CLOSED_BY_SCRIPT]: true });
  reply.response.destroy();
}

export const SCENARIOS: Record<string, Scenario> = {
  async tokens(play) {
    await tokens(play);
    play.reply.finish();
  },

  /** A large amount of text. Options: n (chunks), chars (per chunk), rate (chunks per second). */
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

  /** Options: rate (words per second). */
  async markdown({ reply, line }) {
    await reply.streamWords('text', TOPICS[0]?.answer ?? '', numberOption(line, 'rate', 400));
    reply.finish();
  },

  /**
   * Numbered tokens in all kinds of Markdown. Options: n, rate (chunks per second), hold (chunks).
   */
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
   * Options: text (sent unchanged), rate (graphemes per second; 0: the whole text in one chunk).
   */
  async say({ reply, line }) {
    const text = line.options.get('text') ?? '';
    const rate = numberOption(line, 'rate', 0);
    const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    if (rate > 0) await playAtRate(characters, rate, reply.signal, reply.text);
    else reply.text(text);
    reply.finish();
  },

  /**
   * Reasoning, then tokens. Options: thoughts (reasoning tokens `r0 r1 …`), field
   * (reasoning_content or reasoning), and as tokens.
   */
  async reasoning(play) {
    const { reply, line } = play;
    const field = line.options.get('field') ?? 'reasoning_content';
    const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
    const thoughts = numbered('r', numberOption(line, 'thoughts', 5));
    await playAtRate(thoughts, rate, reply.signal, (text) => reply.delta({ [field]: text }));
    await tokens(play);
    reply.finish();
  },

  /**
   * Reasoning in tags, then tokens. Options: tag (think or thinking), thoughts, begin=inside (no
   * opening tag), end=never (no closing tag and no tokens).
   */
  async 'think-tags'(play) {
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
   * Calls a tool, then reports its result. Options: name, args (JSON), before (text before the
   * call), again (JSON: after the first result it calls getWeather with these arguments), times
   * (the number of calls, one per request; default 1).
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

  /**
   * An error status. Options: code, times (then it answers; default always), retry-after, message.
   */
  async status(play) {
    const { reply, line, priorRequests } = play;
    const times = numberOption(line, 'times', Number.POSITIVE_INFINITY);
    if (priorRequests >= times) return SCENARIOS.tokens?.(play);
    const retryAfter = line.options.get('retry-after');
    if (retryAfter) reply.response.setHeader('retry-after', retryAfter);
    const code = numberOption(line, 'code', 500);
    sendError(reply.response, code, line.options.get('message') ?? 'The script says no.');
  },

  /** Rejects a request that offers tools. Options: code, message, and as tokens. */
  'reject-tools'(play) {
    if (!play.request.tools?.length) return SCENARIOS.tokens?.(play);
    const { options } = play.line;
    const message =
      options.get('message') ?? '"auto" tool choice requires --enable-auto-tool-choice';
    sendError(play.reply.response, numberOption(play.line, 'code', 400), message);
  },

  /** Rejects a conversation with tool calls. Options: as tokens. */
  'reject-tool-calls'(play) {
    if (!play.request.messages.some((message) => message.tool_calls))
      return SCENARIOS.tokens?.(play);
    sendError(play.reply.response, 400, "Invalid 'messages[1].tool_calls[0].function.name'.");
  },

  /**
   * Rejects a system message and roles that do not alternate, as the chat templates of Gemma and
   * early Mistral models do. Options: code, and as tokens.
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

  /** Stalls until the client disconnects. Options: at (headers, first-token, middle), after. */
  async hang(play) {
    const at = play.line.options.get('at') ?? 'first-token';
    if (at === 'first-token') play.reply.raw(': waiting\n\n');
    if (at === 'middle') await streamTokensBefore(play);
    await waitForDisconnect(play.reply);
  },

  /** Closes the connection. Options: after, times (then it answers). */
  async disconnect(play) {
    if (play.priorRequests >= numberOption(play.line, 'times', Number.POSITIVE_INFINITY)) {
      return SCENARIOS.tokens?.(play);
    }
    await streamTokensBefore(play);
    // Written bytes must be sent before the socket is destroyed.
    await sleep(20);
    closeConnection(play.reply);
  },

  /** Ends the stream without finish reason and [DONE]. Options: after. */
  async 'end-early'(play) {
    await streamTokensBefore(play);
    play.reply.raw('');
    play.reply.response.end();
  },

  /** Invalid JSON. Options: after. */
  async 'invalid-json'(play) {
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

  /** Finishes with the finish reason `length`. Options: as tokens. */
  async length(play) {
    await tokens(play);
    play.reply.finish('length');
  },

  /** An empty answer. */
  empty({ reply }) {
    reply.finish();
  },

  /** One JSON document although a stream was requested. */
  json({ reply, request }) {
    const message = { role: 'assistant', content: 'A whole answer.', reasoning_content: 'Hm.' };
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    sendJson(reply.response, 200, { id: 'whole', model: request.model, choices });
  },

  /** Redirects, as a reverse proxy that requires TLS does. */
  redirect({ reply }) {
    reply.response.writeHead(307, { location: 'https://127.0.0.1/v1/chat/completions' });
    reply.response.end();
  },

  /** A web page instead of an answer. */
  html({ reply }) {
    reply.response.writeHead(200, { 'content-type': 'text/html' });
    reply.response.end('<!doctype html>\n<html>\n<body>Sign in</body>\n</html>\n');
  },

  /** Options: kind, see unusual-streams.ts. */
  'unusual-stream': playUnusualStream,
  /** Options: kind, see malformed-tool-calls.ts. */
  'malformed-tool-call': playMalformedToolCall,
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

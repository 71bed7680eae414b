/**
 * Scenarios for documents, written in a message literally or by `scenario(name, options)`:
 *
 *     [[scenario:document kind=sheet title=Planets content="name,moons\nEarth,1"]]
 *     scenario('document', { kind: 'code', language: 'python', content: 'print("hi")\n' })
 *     scenario('document', { kind: 'code', lines: 5000, rate: 300, hold: 1000 })
 *     scenario('update', { edits: [{ find: 'old', replace: 'new' }] })
 *     scenario('update', { instructions: 'Make it shorter.', content: 'Short.', rate: 50 })
 *     scenario('suggest', { suggestions: [{ original: 'teh', suggested: 'the', description: 'Typo' }] })
 *     scenario('read')
 *     scenario('calls', { calls: [{ name: 'createDocument', args: { title: 'A', kind: 'text' } }] })
 *
 * Each scenario calls its tool. After the result it answers `The tool said: …` (or the option
 * `after`). `id` selects the document; by default the one in the conversation's last tool result.
 * In the args of `calls`, "$last" stands for that document; a call may set its own `callId`.
 *
 * Content (document, update with instructions): `content`, or `lines` numbered lines that match the
 * kind, or `n` numbered words below the title. Pace: `rate` (words per second; 0: no delays;
 * default 200), `burst` (words per chunk), `hold` (words after which it waits until the test releases it), `disconnect` (words
 * after which the connection is closed). The text `before` precedes the call, which follows `delay`
 * ms later, or with `holdCall` when the test releases it.
 */
import { toolResults } from '@/lib/server/models/demo/chat-completion-request';
import { playAtRate, splitWords, waitOrAbort } from '@/lib/server/models/demo/play-at-rate';
import type { Reply } from '@/lib/server/models/demo/reply';
import { joinInBursts } from './numbered-markdown';
import { CLOSED_BY_SCRIPT } from './request-log';
import type { Scenario, ScenarioContext } from './scenario';
import { jsonOption, numberOption, type ScenarioLine } from './scenario-line';

type ScriptedToolCall = { name: string; args: Record<string, unknown>; callId?: string };

/** A scenario that makes these calls and then reports their results. */
function toolScenario(buildCalls: (play: ScenarioContext) => ScriptedToolCall[]): Scenario {
  return async (play) => {
    const { reply, request, line, waitForRelease } = play;
    const results = toolResults(request);
    if (results.length > 0) {
      reply.text(line.options.get('after') ?? `The tool said: ${results.join(' ')}`);
    } else {
      reply.text(line.options.get('before') ?? '');
      const delayMs = numberOption(line, 'delay', 0);
      if (delayMs > 0) await waitOrAbort(delayMs, reply.signal);
      if (line.options.has('holdCall')) await waitForRelease(reply.signal);
      for (const [index, { name, args, callId }] of buildCalls(play).entries()) {
        const called = { name, arguments: JSON.stringify(args) };
        if (callId === undefined) reply.toolCall(name, args);
        else
          reply.delta({ tool_calls: [{ index, id: callId, type: 'function', function: called }] });
      }
    }
    reply.finish();
  };
}

export const DOCUMENT_SCENARIOS: Record<string, Scenario> = {
  document: toolScenario(({ line }) => {
    const { title = 'Notes', kind = 'text', language } = Object.fromEntries(line.options);
    return [{ name: 'createDocument', args: { title, kind, ...(language && { language }) } }];
  }),

  update: toolScenario((play) => {
    const edits = jsonOption(play.line, 'edits');
    const instructions = play.line.options.get('instructions');
    const change = { ...(edits !== undefined && { edits }), ...(instructions && { instructions }) };
    return [{ name: 'updateDocument', args: { id: documentIdIn(play), ...change } }];
  }),

  suggest: toolScenario((play) => [
    { name: 'requestSuggestions', args: { id: documentIdIn(play) } },
  ]),
  read: toolScenario((play) => [{ name: 'readDocument', args: { id: documentIdIn(play) } }]),

  calls: toolScenario((play) =>
    (jsonOption(play.line, 'calls') as ScriptedToolCall[]).map((call) => ({
      ...call,
      args: call.args.id === '$last' ? { ...call.args, id: documentIdIn(play) } : call.args,
    })),
  ),
};

function documentIdIn({ line, request }: ScenarioContext): string {
  const explicitId = line.options.get('id');
  if (explicitId) return explicitId;
  for (const { role, content } of request.messages.toReversed()) {
    // The app puts the result of a call without a following answer before the next user message.
    const results =
      role === 'tool' ? String(content) : /^Result of .*$/m.exec(String(content))?.[0];
    const id = /"id\\?":\\?"([\w-]+)/.exec(results ?? '')?.[1];
    if (id) return id;
  }
  return 'no-document-yet';
}

export type WriterContext = {
  reply: Reply;
  line: ScenarioLine;
  /** The last user message of the document request. */
  prompt: string;
  waitForRelease: ScenarioContext['waitForRelease'];
};

/** Streams a document's content. */
export async function streamDocument({
  reply,
  line,
  prompt,
  waitForRelease,
}: WriterContext): Promise<void> {
  const chunks = splitWords(contentOf(line, prompt));
  const rate = numberOption(line, 'rate', 200) || Number.POSITIVE_INFINITY;
  const hold = numberOption(line, 'hold', chunks.length);
  const disconnectAfter = numberOption(line, 'disconnect', chunks.length);
  const burst = numberOption(line, 'burst', 1);
  const stream = (from: number, to: number) =>
    playAtRate(
      joinInBursts(chunks.slice(from, Math.min(to, disconnectAfter)), burst),
      rate / burst,
      reply.signal,
      reply.text,
    );
  await stream(0, hold);
  if (hold < chunks.length) await waitForRelease(reply.signal);
  await stream(hold, chunks.length);
  if (disconnectAfter < chunks.length) {
    // Written bytes must be sent before the socket is destroyed.
    await new Promise((resolve) => setTimeout(resolve, 20));
    Object.assign(reply.response, { [CLOSED_BY_SCRIPT]: true });
    reply.response.destroy();
    return;
  }
  reply.finish();
}

function contentOf(line: ScenarioLine, prompt: string): string {
  const content = line.options.get('content');
  if (content !== undefined) return content;
  const kind = line.options.get('kind') ?? 'text';
  const lines = numberOption(line, 'lines', 0);
  if (lines > 0) {
    return Array.from({ length: lines }, (_, i) => LINES[kind]?.(i) ?? '').join('\n');
  }
  const body = Array.from({ length: numberOption(line, 'n', 30) }, (_, i) => `d${i} `).join('');
  return `# ${titleFromPrompt(prompt)}\n\n${body}`;
}

const LINES: Record<string, (index: number) => string> = {
  text: (index) => `Line ${index} of the text.\n`,
  code: (index) => `const line${index} = ${index}; // d${index}`,
  sheet: (index) => (index === 0 ? 'name,number,square' : `row ${index},${index},${index ** 2}`),
};

/** The prompt of a document request ends with the title in quotes. */
function titleFromPrompt(prompt: string): string {
  return /“([^”]*)”[^“”]*$/.exec(prompt)?.[1] ?? prompt;
}

/** Streams suggestions, one JSON object per line. */
export async function streamSuggestions({
  reply,
  line,
  waitForRelease,
}: WriterContext): Promise<void> {
  const suggestions = (jsonOption(line, 'suggestions') ?? []) as object[];
  const lines = suggestions.map((suggestion) => `${JSON.stringify(suggestion)}\n`);
  const text = line.options.get('content');
  const chunks = text === undefined ? lines : [text];
  const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
  const hold = numberOption(line, 'hold', chunks.length);
  await playAtRate(chunks.slice(0, hold), rate, reply.signal, reply.text);
  if (hold < chunks.length) await waitForRelease(reply.signal);
  await playAtRate(chunks.slice(hold), rate, reply.signal, reply.text);
  reply.finish();
}

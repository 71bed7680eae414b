/**
 * Documents beside the chat. In a message, by hand or by `scenario(name, options)`:
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
 * Each calls its tool and, once it has the result, says `The tool said: …` (or the option `after`).
 * `id` is the document meant; without it the one that the conversation's last result names. In the
 * args of `calls`, "$last" stands for that; a call there may have a `callId` of its own.
 *
 * What is written (document, update with instructions): `content`, or `lines` numbered lines that
 * suit the kind, or `n` numbered words below the title. How: `rate` (words a second; 0: at once;
 * default 200), `hold` (words after which it waits until the test releases it), `die` (words after
 * which the connection breaks). `before` is said before the call, which comes `delay` ms later.
 */
import { toolResults } from '@/lib/models/demo/chat-request';
import { playAtRate, wait, wordsOf } from '@/lib/models/demo/pace';
import type { Reply } from '@/lib/models/demo/reply';
import { BROKEN_OFF } from './request-log';
import { jsonOption, numberOption, type ScenarioLine } from './scenario-line';
import type { Play, Scenario } from './scenarios';

type Call = { name: string; args: Record<string, unknown>; callId?: string };

/** A scenario that makes these calls and then tells what came of them. */
function calling(callsOf: (play: Play) => Call[]): Scenario {
  return async (play) => {
    const { reply, request, line } = play;
    const results = toolResults(request);
    if (results.length > 0) {
      reply.text(line.options.get('after') ?? `The tool said: ${results.join(' ')}`);
    } else {
      reply.text(line.options.get('before') ?? '');
      const delayMs = numberOption(line, 'delay', 0);
      if (delayMs > 0) await wait(delayMs, reply.signal);
      for (const [index, { name, args, callId }] of callsOf(play).entries()) {
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
  document: calling(({ line }) => {
    const { title = 'Notes', kind = 'text', language } = Object.fromEntries(line.options);
    return [{ name: 'createDocument', args: { title, kind, ...(language && { language }) } }];
  }),

  update: calling((play) => {
    const edits = jsonOption(play.line, 'edits');
    const instructions = play.line.options.get('instructions');
    const change = { ...(edits !== undefined && { edits }), ...(instructions && { instructions }) };
    return [{ name: 'updateDocument', args: { id: idIn(play), ...change } }];
  }),

  suggest: calling((play) => [{ name: 'requestSuggestions', args: { id: idIn(play) } }]),
  read: calling((play) => [{ name: 'readDocument', args: { id: idIn(play) } }]),

  calls: calling((play) =>
    (jsonOption(play.line, 'calls') as Call[]).map((call) => ({
      ...call,
      args: call.args.id === '$last' ? { ...call.args, id: idIn(play) } : call.args,
    })),
  ),
};

function idIn({ line, request }: Play): string {
  const given = line.options.get('id');
  if (given) return given;
  for (const { role, content } of request.messages.toReversed()) {
    // The result of a call that no answer followed comes as text in front of the user's next message.
    const results =
      role === 'tool' ? String(content) : /^Result of .*$/m.exec(String(content))?.[0];
    const id = /"id\\?":\\?"([\w-]+)/.exec(results ?? '')?.[1];
    if (id) return id;
  }
  return 'no-document-yet';
}

type Writing = {
  reply: Reply;
  line: ScenarioLine;
  /** All that the writer was told. */
  prompt: string;
  released: Play['released'];
};

/** Writes what a document holds. */
export async function writeDocument({ reply, line, prompt, released }: Writing): Promise<void> {
  const pieces = wordsOf(contentOf(line, prompt));
  const rate = numberOption(line, 'rate', 200) || Number.POSITIVE_INFINITY;
  const hold = numberOption(line, 'hold', pieces.length);
  const die = numberOption(line, 'die', pieces.length);
  const say = (from: number, to: number) =>
    playAtRate(pieces.slice(from, Math.min(to, die)), rate, reply.signal, reply.text);
  await say(0, hold);
  if (hold < pieces.length) await released(reply.signal);
  await say(hold, pieces.length);
  if (die < pieces.length) {
    // What was written must have left before the socket goes.
    await new Promise((resolve) => setTimeout(resolve, 20));
    Object.assign(reply.response, { [BROKEN_OFF]: true });
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
  const words = Array.from({ length: numberOption(line, 'n', 30) }, (_, i) => `d${i} `).join('');
  return `# ${titleIn(prompt)}\n\n${words}`;
}

const LINES: Record<string, (index: number) => string> = {
  text: (index) => `Line ${index} of the text.\n`,
  code: (index) => `const line${index} = ${index}; // d${index}`,
  sheet: (index) => (index === 0 ? 'name,number,square' : `row ${index},${index},${index ** 2}`),
};

/** The writer is told the title at the end, in quotes. */
function titleIn(prompt: string): string {
  return /“([^”]*)”[^“”]*$/.exec(prompt)?.[1] ?? prompt;
}

/** Proposes changes, a line of JSON each. */
export async function writeSuggestions({ reply, line, released }: Writing): Promise<void> {
  const suggestions = (jsonOption(line, 'suggestions') ?? []) as object[];
  const lines = suggestions.map((one) => `${JSON.stringify(one)}\n`);
  const text = line.options.get('content');
  const pieces = text === undefined ? lines : [text];
  const rate = numberOption(line, 'rate', 0) || Number.POSITIVE_INFINITY;
  const hold = numberOption(line, 'hold', pieces.length);
  await playAtRate(pieces.slice(0, hold), rate, reply.signal, reply.text);
  if (hold < pieces.length) await released(reply.signal);
  await playAtRate(pieces.slice(hold), rate, reply.signal, reply.text);
  reply.finish();
}

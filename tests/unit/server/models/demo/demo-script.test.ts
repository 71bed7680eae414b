import { describe, expect, it } from 'vitest';
import { RELOAD_DEMO_PROMPT } from '@/lib/client/chat/reload-demo-prompt';
import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';
import { CONTINUE_PROMPT } from '@/lib/server/models/continuation';
import type {
  ChatCompletionRequest,
  ChatMessage,
} from '@/lib/server/models/demo/chat-completion-request';
import { type ScriptPart, scriptedAnswer } from '@/lib/server/models/demo/demo-script';
import { TOPIC_MENU, TOPICS } from '@/lib/server/models/demo/demo-topics';
import fc from '@/tests/support/fast-check';

const TOOLS = ['getWeather', 'createDocument', 'updateDocument', 'requestSuggestions'];
const tools = TOOLS.map((name) => ({ function: { name } }));
const ask = (...messages: ChatMessage[]): ChatCompletionRequest => ({
  model: 'demo',
  messages,
  tools,
});
const user = (content: string): ChatMessage => ({ role: 'user', content });
const textIn = (pieces: ScriptPart[]) =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
const callsIn = (pieces: ScriptPart[]) =>
  pieces.flatMap((piece) => (piece.kind === 'call' ? [piece.name] : []));

const continueMessage = user(CONTINUE_PROMPT.content[0].text);

describe('the demo, when asked to continue', () => {
  const questions = [
    'hello',
    'everything',
    'a table',
    'a riddle',
    'tell me a long story',
    'write a document',
    'weather in Oslo',
  ];

  it('continues exactly at the cut, any number of times, and without new reasoning', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...questions),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (question, part) => {
          const fullAnswer = scriptedAnswer(ask(user(question)));
          const text = textIn(fullAnswer);
          const partialText = text.slice(0, Math.max(1, Math.floor(text.length * part)));
          const continuation = scriptedAnswer(
            ask(user(question), { role: 'assistant', content: partialText }, continueMessage),
          );
          expect(partialText + textIn(continuation)).toBe(text);
          expect(callsIn(continuation)).toEqual(callsIn(fullAnswer));
          expect(continuation.some(({ kind }) => kind === 'reasoning')).toBe(false);
        },
      ),
    );
  });

  it('continues after the result of a tool', () => {
    const call: ChatMessage = { role: 'assistant', content: 'Asking.', tool_calls: [{}] };
    const result: ChatMessage = {
      role: 'tool',
      content: '{"id":"d","title":"A","kind":"text","version":1}',
    };
    const fullAnswer = textIn(scriptedAnswer(ask(user('write a document'), call, result)));
    for (const cutLength of [0, 9, 30]) {
      const partialText: ChatMessage[] = cutLength
        ? [{ role: 'assistant', content: fullAnswer.slice(0, cutLength) }]
        : [];
      const continuation = scriptedAnswer(
        ask(user('write a document'), call, result, ...partialText, continueMessage),
      );
      expect(textIn(continuation)).toBe(fullAnswer.slice(cutLength));
      expect(callsIn(continuation)).toEqual([]);
    }
  });

  it('writes a document to its end that an answer was writing when it ended, and no other', () => {
    const title = 'Packing list: a week of hiking';
    const call: ChatMessage = { role: 'assistant', content: 'Opening it.', tool_calls: [] };
    const answer = (error: string, ...behind: ChatMessage[]) => {
      const result = { role: 'tool', content: JSON.stringify({ id: 'd1', title, error }) } as const;
      return scriptedAnswer(ask(user('write a packing list'), call, result, ...behind));
    };
    const [piece, ...laterParts] = answer('The writing was stopped. What was written is kept.');
    expect(laterParts).toEqual([]);
    expect(piece).toMatchObject({ name: 'updateDocument', args: { id: 'd1' } });
    expect(answer('The writing was interrupted.')).toEqual([piece]);
    expect(answer('The writing was interrupted.', continueMessage)).toEqual([piece]);
    // It would fail for ever.
    expect(textIn(answer('The writing was cut off.'))).toContain('That did not work');
    const { instructions } = (piece as { args: { instructions: string } }).args;
    const rewriting = (content: string) => {
      const prompt = `<document>\n${content}\n</document>\n${instructions}\nIts title: “${title}”`;
      const system: ChatMessage = { role: 'system', content: 'You write a document in Markdown.' };
      return textIn(scriptedAnswer(ask(system, user(prompt))));
    };
    expect(rewriting('# Packing list: a week')).toMatch(
      /^# Packing list: a week of[\s\S]*some cash\n$/,
    );
    expect(rewriting('# My own')).toBe('# My own');
  });

  it('says so where another model wrote the answer', () => {
    const continuation = scriptedAnswer(
      ask(user('hello'), { role: 'assistant', content: 'Half an ans' }, continueMessage),
    );
    expect(textIn(continuation)).toContain('not the demo’s own');
  });
});

describe('the examples of the empty chat', () => {
  it.each(STARTER_PROMPTS.map(({ text }) => text))(
    'are supported by the demo without network access: %s',
    (text) => {
      const pieces = scriptedAnswer(ask(user(text)));
      expect(textIn(pieces)).not.toContain(TOPIC_MENU);
      expect(callsIn(pieces)).not.toContain('getWeather');
    },
  );

  it('include a long answer for the reconnect example', () => {
    const pieces = scriptedAnswer(ask(user(RELOAD_DEMO_PROMPT)));
    expect(callsIn(pieces)).toEqual([]);
    expect(textIn(pieces).length).toBeGreaterThan(2_500);
  });

  it.each([
    ['packing list', 'Packing list: a week of hiking', 'text', '# Packing list'],
    ['plot', 'A chart from the demo', 'code', 'plot(months, hours'],
  ])('include a %s', (word, title, kind, content) => {
    const point = STARTER_PROMPTS.find(({ text }) => text.includes(word));
    const call = scriptedAnswer(ask(user(point?.text ?? ''))).find(
      (piece) => piece.kind === 'call',
    );
    expect(call).toMatchObject({ name: 'createDocument', args: { title, kind } });
    const system = `You write a ${kind === 'text' ? 'document in Markdown' : 'program'}. Only that.`;
    const generated = scriptedAnswer(
      ask({ role: 'system', content: system }, user(`Write “${title}”`)),
    );
    expect(textIn(generated)).toContain(content);
  });
});

describe('the menu of the demo', () => {
  const menuWords = [...TOPIC_MENU.matchAll(/\*\*(.+?)\*\*/g)].map(([, word]) => word as string);
  const onDocuments = ['make it shorter', 'suggest changes'];

  it('has entries', () => expect(menuWords.length).toBeGreaterThan(TOPICS.length));

  it.each(menuWords)('offers “%s”, which its script recognizes', (word) => {
    const earlier: ChatMessage[] = onDocuments.includes(word)
      ? [user('write a document'), { role: 'tool', content: '{"id":"d1","title":"A"}' }]
      : [];
    expect(textIn(scriptedAnswer(ask(...earlier, user(word))))).not.toContain(TOPIC_MENU);
  });
});

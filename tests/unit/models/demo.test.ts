import { describe, expect, it } from 'vitest';
import { STARTING_POINTS } from '@/lib/client/chat/starting-points';
import { TRY_TO_LOSE } from '@/lib/client/chat/try-to-lose';
import type { ChatMessage, ChatRequest } from '@/lib/models/demo/chat-request';
import { answerTo, type Piece } from '@/lib/models/demo/demo-script';
import { MENU, TOPICS } from '@/lib/models/demo/demo-topics';
import { REQUEST } from '@/lib/models/go-on';
import fc from '@/tests/support/fast-check';

const TOOLS = ['getWeather', 'createDocument', 'updateDocument', 'requestSuggestions'];
const tools = TOOLS.map((name) => ({ function: { name } }));
const ask = (...messages: ChatMessage[]): ChatRequest => ({ model: 'demo', messages, tools });
const user = (content: string): ChatMessage => ({ role: 'user', content });
const textIn = (pieces: Piece[]) =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
const callsIn = (pieces: Piece[]) =>
  pieces.flatMap((piece) => (piece.kind === 'call' ? [piece.name] : []));

const goOn = user(REQUEST.content[0].text);

describe('the demo, asked to continue', () => {
  const questions = [
    'hello',
    'everything',
    'a table',
    'a riddle',
    'tell me a long story',
    'write a document',
    'weather in Oslo',
  ];

  it('goes on exactly where the answer was cut off, however often, and thinks no second time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...questions),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (question, part) => {
          const whole = answerTo(ask(user(question)));
          const text = textIn(whole);
          const said = text.slice(0, Math.max(1, Math.floor(text.length * part)));
          const rest = answerTo(ask(user(question), { role: 'assistant', content: said }, goOn));
          expect(said + textIn(rest)).toBe(text);
          expect(callsIn(rest)).toEqual(callsIn(whole));
          expect(rest.some(({ kind }) => kind === 'reasoning')).toBe(false);
        },
      ),
    );
  });

  it('goes on behind the result of a tool', () => {
    const call: ChatMessage = { role: 'assistant', content: 'Asking.', tool_calls: [{}] };
    const result: ChatMessage = {
      role: 'tool',
      content: '{"id":"d","title":"A","kind":"text","version":1}',
    };
    const whole = textIn(answerTo(ask(user('write a document'), call, result)));
    for (const cut of [0, 9, 30]) {
      const said: ChatMessage[] = cut ? [{ role: 'assistant', content: whole.slice(0, cut) }] : [];
      const rest = answerTo(ask(user('write a document'), call, result, ...said, goOn));
      expect(textIn(rest)).toBe(whole.slice(cut));
      expect(callsIn(rest)).toEqual([]);
    }
  });

  it('writes a document to its end that an answer was writing when it ended, and no other', () => {
    const title = 'Packing list: a week of hiking';
    const call: ChatMessage = { role: 'assistant', content: 'Opening it.', tool_calls: [] };
    const answer = (error: string, ...behind: ChatMessage[]) => {
      const result = { role: 'tool', content: JSON.stringify({ id: 'd1', title, error }) } as const;
      return answerTo(ask(user('write a packing list'), call, result, ...behind));
    };
    const [piece, ...others] = answer('The writing was stopped. What was written is kept.');
    expect(others).toEqual([]);
    expect(piece).toMatchObject({ name: 'updateDocument', args: { id: 'd1' } });
    expect(answer('The writing was interrupted.')).toEqual([piece]);
    expect(answer('The writing was interrupted.', goOn)).toEqual([piece]);
    // It would fail for ever.
    expect(textIn(answer('The writing was cut off.'))).toContain('That did not work');
    const { instructions } = (piece as { args: { instructions: string } }).args;
    const rewriting = (content: string) => {
      const prompt = `<document>\n${content}\n</document>\n${instructions}\nIts title: “${title}”`;
      const system: ChatMessage = { role: 'system', content: 'You write a document in Markdown.' };
      return textIn(answerTo(ask(system, user(prompt))));
    };
    expect(rewriting('# Packing list: a week')).toMatch(
      /^# Packing list: a week of[\s\S]*some cash\n$/,
    );
    expect(rewriting('# My own')).toBe('# My own');
  });

  it('says so where the answer is another model’s', () => {
    const rest = answerTo(ask(user('hello'), { role: 'assistant', content: 'Half an ans' }, goOn));
    expect(textIn(rest)).toContain('not the demo’s own');
  });
});

describe('what the page offers at first', () => {
  it.each(STARTING_POINTS.map(({ text }) => text))(
    'is what the demo does, without the internet: %s',
    (text) => {
      const pieces = answerTo(ask(user(text)));
      expect(textIn(pieces)).not.toContain(MENU);
      expect(callsIn(pieces)).not.toContain('getWeather');
    },
  );

  it('and the answer that is to be lost is a long one, in the chat', () => {
    const pieces = answerTo(ask(user(TRY_TO_LOSE)));
    expect(callsIn(pieces)).toEqual([]);
    expect(textIn(pieces).length).toBeGreaterThan(2_500);
  });

  it.each([
    ['packing list', 'Packing list: a week of hiking', 'text', '# Packing list'],
    ['plot', 'A chart from the demo', 'code', 'plot(months, hours'],
  ])('and a %s is one', (word, title, kind, content) => {
    const point = STARTING_POINTS.find(({ text }) => text.includes(word));
    const call = answerTo(ask(user(point?.text ?? ''))).find((piece) => piece.kind === 'call');
    expect(call).toMatchObject({ name: 'createDocument', args: { title, kind } });
    const system = `You write a ${kind === 'text' ? 'document in Markdown' : 'program'}. Only that.`;
    const written = answerTo(ask({ role: 'system', content: system }, user(`Write “${title}”`)));
    expect(textIn(written)).toContain(content);
  });
});

describe('the menu of the demo', () => {
  const words = [...MENU.matchAll(/\*\*(.+?)\*\*/g)].map(([, word]) => word as string);
  const onDocuments = ['make it shorter', 'suggest changes'];

  it('offers something', () => expect(words.length).toBeGreaterThan(TOPICS.length));

  it.each(words)('offers “%s”, and the script knows it', (word) => {
    const earlier: ChatMessage[] = onDocuments.includes(word)
      ? [user('write a document'), { role: 'tool', content: '{"id":"d1","title":"A"}' }]
      : [];
    expect(textIn(answerTo(ask(...earlier, user(word))))).not.toContain(MENU);
  });
});

import { describe, expect, it } from 'vitest';
import { RELOAD_DEMO_PROMPT } from '@/lib/client/chat/reload-demo-prompt';
import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';
import { CONTINUE_PROMPT } from '@/lib/server/models/continuation';
import type {
  ChatCompletionRequest,
  ChatMessage,
} from '@/lib/server/models/demo/chat-completion-request';
import { scriptedAnswer } from '@/lib/server/models/demo/demo-script';
import { TOPIC_MENU, TOPICS } from '@/lib/server/models/demo/demo-topics';
import type { ScriptPart } from '@/lib/server/models/demo/script-part';
import fc from '@/tests/support/fast-check';

const TOOLS = ['getWeather', 'createDocument', 'updateDocument', 'requestSuggestions'];
const tools = TOOLS.map((name) => ({ function: { name } }));
const chatRequest = (...messages: ChatMessage[]): ChatCompletionRequest => ({
  model: 'demo',
  messages,
  tools,
});
const user = (content: string): ChatMessage => ({ role: 'user', content });
const textIn = (parts: ScriptPart[]) =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
const callsIn = (parts: ScriptPart[]) =>
  parts.flatMap((part) => (part.kind === 'call' ? [part.name] : []));

const continueMessage = user(CONTINUE_PROMPT.content[0].text);

describe('the demo, when it continues an answer', () => {
  const userTexts = [
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
        fc.constantFrom(...userTexts),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (userText, fraction) => {
          const fullAnswer = scriptedAnswer(chatRequest(user(userText)));
          const text = textIn(fullAnswer);
          const partialText = text.slice(0, Math.max(1, Math.floor(text.length * fraction)));
          const continuation = scriptedAnswer(
            chatRequest(
              user(userText),
              { role: 'assistant', content: partialText },
              continueMessage,
            ),
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
    const fullAnswer = textIn(scriptedAnswer(chatRequest(user('write a document'), call, result)));
    for (const cutLength of [0, 9, 30]) {
      const partialText: ChatMessage[] = cutLength
        ? [{ role: 'assistant', content: fullAnswer.slice(0, cutLength) }]
        : [];
      const continuation = scriptedAnswer(
        chatRequest(user('write a document'), call, result, ...partialText, continueMessage),
      );
      expect(textIn(continuation)).toBe(fullAnswer.slice(cutLength));
      expect(callsIn(continuation)).toEqual([]);
    }
  });

  it('completes a document whose write was interrupted by the end of the answer, and no other', () => {
    const title = 'Packing list: a week of hiking';
    const call: ChatMessage = { role: 'assistant', content: 'Opening it.', tool_calls: [] };
    const answer = (error: string, ...later: ChatMessage[]) => {
      const result = { role: 'tool', content: JSON.stringify({ id: 'd1', title, error }) } as const;
      return scriptedAnswer(chatRequest(user('write a packing list'), call, result, ...later));
    };
    const [part, ...laterParts] = answer('The writing was stopped. What was written is kept.');
    expect(laterParts).toEqual([]);
    expect(part).toMatchObject({ name: 'updateDocument', args: { id: 'd1' } });
    expect(answer('The writing was interrupted.')).toEqual([part]);
    expect(answer('The writing was interrupted.', continueMessage)).toEqual([part]);
    // A retry would fail forever.
    expect(textIn(answer('The writing was cut off.'))).toContain('The call failed');
    const { instructions } = (part as { args: { instructions: string } }).args;
    const rewrite = (content: string) => {
      const prompt = `<document>\n${content}\n</document>\n${instructions}\nIts title: “${title}”`;
      const system: ChatMessage = { role: 'system', content: 'You write a document in Markdown.' };
      return textIn(scriptedAnswer(chatRequest(system, user(prompt))));
    };
    expect(rewrite('# Packing list: a week')).toMatch(
      /^# Packing list: a week of[\s\S]*some cash\n$/,
    );
    expect(rewrite('# My own')).toBe('# My own');
  });

  it('reports that another model wrote the answer', () => {
    const continuation = scriptedAnswer(
      chatRequest(user('hello'), { role: 'assistant', content: 'Half an ans' }, continueMessage),
    );
    expect(textIn(continuation)).toContain('not the demo’s own');
  });
});

describe('the examples of the empty chat', () => {
  it.each(STARTER_PROMPTS.map(({ text }) => text))(
    'are supported by the demo without network access: %s',
    (text) => {
      const parts = scriptedAnswer(chatRequest(user(text)));
      expect(textIn(parts)).not.toContain(TOPIC_MENU);
      expect(callsIn(parts)).not.toContain('getWeather');
    },
  );

  it('include a long answer for the reconnect example', () => {
    const parts = scriptedAnswer(chatRequest(user(RELOAD_DEMO_PROMPT)));
    expect(callsIn(parts)).toEqual([]);
    expect(textIn(parts).length).toBeGreaterThan(2_500);
  });

  it.each([
    ['packing list', 'Packing list: a week of hiking', 'text', '# Packing list'],
    ['plot', 'A chart from the demo', 'code', 'plot(months, hours'],
  ])('include a %s', (word, title, kind, content) => {
    const starter = STARTER_PROMPTS.find(({ text }) => text.includes(word));
    const call = scriptedAnswer(chatRequest(user(starter?.text ?? ''))).find(
      (part) => part.kind === 'call',
    );
    expect(call).toMatchObject({ name: 'createDocument', args: { title, kind } });
    const system = `You write a ${kind === 'text' ? 'document in Markdown' : 'program'}. Only that.`;
    const generated = scriptedAnswer(
      chatRequest({ role: 'system', content: system }, user(`Write “${title}”`)),
    );
    expect(textIn(generated)).toContain(content);
  });
});

describe('the menu of the demo', () => {
  const menuWords = [...TOPIC_MENU.matchAll(/\*\*(.+?)\*\*/g)].map(([, word]) => word as string);
  const documentWords = ['make it shorter', 'suggest changes'];

  it('has entries', () => expect(menuWords.length).toBeGreaterThan(TOPICS.length));

  it.each(menuWords)('offers “%s”, which its script recognizes', (word) => {
    const earlier: ChatMessage[] = documentWords.includes(word)
      ? [user('write a document'), { role: 'tool', content: '{"id":"d1","title":"A"}' }]
      : [];
    expect(textIn(scriptedAnswer(chatRequest(...earlier, user(word))))).not.toContain(TOPIC_MENU);
  });
});

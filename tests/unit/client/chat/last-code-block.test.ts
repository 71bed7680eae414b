import { expect, test } from 'vitest';
import { lastCodeBlock } from '@/lib/client/chat/last-code-block';

test.each([
  ['no code', undefined],
  ['a `span`', undefined],
  ['```js\none\n```\ntext\n~~~\ntwo\n\nlines\n~~~', 'two\n\nlines'],
  ['````md\n```js\ninner\n```\n````', '```js\ninner\n```'],
  ['```\nunfinished', 'unfinished'],
  ['```\n```', ''],
  ['```\na\n    ```\nb\n```', 'a\n    ```\nb'],
])('the last code block of %j is %j', (markdown, code) => {
  expect(lastCodeBlock(markdown)).toBe(code);
});

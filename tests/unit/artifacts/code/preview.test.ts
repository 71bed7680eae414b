import { describe, expect, it, vi } from 'vitest';
import { plainFailure, previewOf, refusalOf } from '@/artifacts/code/preview/protocol';
import { type PreviewState, startPreview } from '@/artifacts/code/preview/start-preview';
import { engineOf } from '@/artifacts/code/run/engines';

it.each<[string, string, ReturnType<typeof previewOf>]>([
  ['html', '<p>', 'html'],
  ['HTML', '<p>', 'html'],
  ['HTML5', '<p>', 'html'],
  ['HTML + CSS', '<p>', null],
  ['html (with styles)', '<p>', 'html'],
  ['svg', '<svg/>', 'svg'],
  ['SVG 1.1', '<svg/>', 'svg'],
  ['xml', '<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="…">', 'svg'],
  ['xml', '<note><svg/></note>', null],
  ['mermaid', 'anything', 'mermaid'],
  ['', '%% a comment\nflowchart TD\n  A --> B', 'mermaid'],
  ['', '---\ntitle: T\n---\nsequenceDiagram\n', 'mermaid'],
  ['', 'graphics = 1', null],
  ['python', 'graph TD', null],
])('a program in %o that begins with %o is looked at as %o', (language, code, kind) => {
  expect(previewOf(language, code)).toBe(kind);
});

it('programs in JavaScript, TypeScript and Python are run, by whatever name', () => {
  const javascript = ['js', 'JS', 'javascript', 'JavaScript ES6', 'ES2022', 'JavaScript (ES2022)'];
  const node = [
    'mjs',
    'cjs',
    'node',
    'Node.js',
    'nodejs',
    'Node 22',
    'node.js v20',
    'ECMAScript 2023',
  ];
  for (const name of [...javascript, ...node]) {
    expect(engineOf(name), name).toEqual({ engine: 'javascript', language: 'javascript' });
  }
  for (const name of ['ts', 'mts', 'TypeScript', 'TypeScript 5', 'typescript/node', 'TS 5.4+']) {
    expect(engineOf(name), name).toEqual({ engine: 'javascript', language: 'typescript' });
  }
  for (const name of [
    'py',
    'Python 3',
    'python3',
    'Python 3.12',
    'python-3',
    ' PYTHON ',
    'py3',
    'Python script',
    'Python 3 code',
    '.py',
    'language-python',
    'text/x-python',
    'python:3.12',
  ]) {
    expect(engineOf(name), name).toEqual({ engine: 'python', language: 'python' });
  }
  const others = ['', 'rust', 'html', 'tsx', '3', 'constructor', 'python 3 kinds', 'C 11', 'v8'];
  for (const name of others) expect(engineOf(name), name).toBeNull();
});

it.each([
  ['', '%'.repeat(2_000)],
  ['', '%%\n'.repeat(660)],
  ['xml', '<!---->'.repeat(280)],
  ['', `---${'-'.repeat(1_990)}`],
])(
  'the beginning of a program in %o is told from a picture without trying all ways',
  (language, code) => {
    expect(previewOf(language, code)).toBeNull();
  },
);

describe('a diagram', () => {
  it('that is too long is refused before anything is loaded, in plain words', () => {
    const states: PreviewState[] = [];
    // Without a document: nothing of one is touched.
    startPreview(
      {} as HTMLElement,
      { kind: 'mermaid', code: `flowchart TD\n${'A-->B\n'.repeat(10_000)}`, dark: false },
      (state) => states.push(state),
    );
    expect(states).toEqual([
      {
        type: 'failed',
        message:
          'This diagram is too long to draw: it has 60,013 characters, and the limit is 50,000.',
      },
    ]);
    expect(refusalOf('html', 'x'.repeat(100_000))).toBeNull();
  });

  it('that is wrong or too large is told without advice for programmers', () => {
    expect(
      plainFailure(
        'Edge limit exceeded. 500 edges found, but the limit is 500.\n\nInitialize mermaid with maxEdges set to a higher number',
      ),
    ).toBe('It has too many connections: the limit is 500.');
    expect(plainFailure("Parse error on line 2\nExpecting 'SQE', got '1'")).toBe(
      'Parse error on line 2',
    );
  });

  it('that is not drawn within half a minute is stopped, and the frame is taken away', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const frame = Object.assign(new EventTarget(), {
      sandbox: { add() {} },
      contentWindow: { postMessage: vi.fn() },
      remove: vi.fn(),
    });
    vi.stubGlobal('document', { createElement: () => frame, hidden: false });
    vi.stubGlobal('fetch', async () => new Response('mermaid'));
    const told = new Promise<PreviewState>((resolve) => {
      const subject = { kind: 'mermaid', code: 'flowchart TD\n', dark: false } as const;
      startPreview({ append() {} } as unknown as HTMLElement, subject, (state) => {
        if (state.type === 'failed') resolve(state);
      });
    });
    frame.dispatchEvent(new Event('load'));
    await vi.waitFor(() => expect(frame.contentWindow.postMessage).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(29_000);
    expect(frame.remove).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await told).toMatchObject({ message: expect.stringMatching(/takes too long to draw/) });
    expect(frame.remove).toHaveBeenCalled();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});

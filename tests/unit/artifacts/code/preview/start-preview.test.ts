import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findEngine } from '@/artifacts/code/execution/engines';
import {
  type PreviewKind,
  previewKindOf,
  simplifyErrorMessage,
  tooLongMessage,
} from '@/artifacts/code/preview/protocol';
import { type PreviewState, startPreview } from '@/artifacts/code/preview/start-preview';
import { waitUntil } from '@/tests/support/wait-until';

it.each<[string, string, ReturnType<typeof previewKindOf>]>([
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
])('a program in %o that begins with %o is previewed as %o', (language, code, kind) => {
  expect(previewKindOf(language, code)).toBe(kind);
});

it('programs in JavaScript, TypeScript and Python are runnable under every name of the language', () => {
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
    expect(findEngine(name), name).toEqual({ engine: 'javascript', language: 'javascript' });
  }
  for (const name of ['ts', 'mts', 'TypeScript', 'TypeScript 5', 'typescript/node', 'TS 5.4+']) {
    expect(findEngine(name), name).toEqual({ engine: 'javascript', language: 'typescript' });
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
    expect(findEngine(name), name).toEqual({ engine: 'python', language: 'python' });
  }
  const otherLanguages = [
    '',
    'rust',
    'html',
    'tsx',
    '3',
    'constructor',
    'python 3 kinds',
    'C 11',
    'v8',
  ];
  for (const name of otherLanguages) expect(findEngine(name), name).toBeNull();
});

it.each([
  ['', '%'.repeat(2_000)],
  ['', '%%\n'.repeat(660)],
  ['xml', '<!---->'.repeat(280)],
  ['', `---${'-'.repeat(1_990)}`],
])(
  'the kind of a program in %o that begins with repeated text is detected in linear time',
  (language, code) => {
    expect(previewKindOf(language, code)).toBeNull();
  },
);

describe('a diagram', () => {
  it('that is too long is rejected with a clear error before anything is loaded', () => {
    const states: PreviewState[] = [];
    // Works without a DOM, because nothing is rendered.
    startPreview(
      {} as HTMLElement,
      { kind: 'mermaid', code: `flowchart TD\n${'A-->B\n'.repeat(10_000)}`, dark: false },
      (state) => states.push(state),
    );
    expect(states).toEqual([
      {
        type: 'failed',
        message:
          'This diagram is too long to render: it has 60,013 characters, and the limit is 50,000.',
      },
    ]);
    expect(tooLongMessage('html', 'x'.repeat(100_000))).toBeNull();
  });

  it('that is invalid or too large gets an error without advice for programmers', () => {
    expect(
      simplifyErrorMessage(
        'Edge limit exceeded. 500 edges found, but the limit is 500.\n\nInitialize mermaid with maxEdges set to a higher number',
      ),
    ).toBe('It has too many connections: the limit is 500.');
    expect(simplifyErrorMessage("Parse error on line 2\nExpecting 'SQE', got '1'")).toBe(
      'Parse error on line 2',
    );
  });

  it('that does not render within half a minute is stopped, and its frame is removed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    vi.stubGlobal('fetch', async () => new Response('mermaid'));
    const { frame, states } = await openPreview('mermaid', 'flowchart TD\n');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(frame.remove).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(states.at(-1)).toMatchObject({
      message: expect.stringMatching(/took too long to render/),
    });
    expect(frame.remove).toHaveBeenCalled();
  });
});

describe('a previewed page', () => {
  it('that sends too many messages is removed without affecting other frames', async () => {
    const { app, frame, states } = await openPreview('html', '<p>');
    const send = (source: unknown, count: number) => {
      for (let sent = 0; sent < count; sent++) {
        app.dispatchEvent(Object.assign(new Event('message'), { source }));
      }
    };
    send({}, 1_000);
    send(frame.contentWindow, 200);
    expect(frame.remove).not.toHaveBeenCalled();
    send(frame.contentWindow, 1_000);
    expect(frame.remove).toHaveBeenCalledOnce();
    expect(states.filter(({ type }) => type === 'failed')).toEqual([
      {
        type: 'failed',
        message: 'The preview was closed because it sent too many messages to the app.',
      },
    ]);
  });

  it.each([
    ['that navigated away', ['load'], /left the preview/],
    ['whose last messages arrive after it navigated away', ['load', 'pong'], /left the preview/],
    ['that hangs after it has loaded again', ['load', 'pong', 'pong'], /stopped responding/],
    ['that hangs', [], /stopped responding/],
  ])('%s is closed with the reason', async (_, events, message) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const { frame, port, states } = await openPreview('html', '<p>');
    port.postMessage({ type: 'shown' });
    await waitUntil(() => expect(states.at(-1)?.type).toBe('shown'));
    // One ping is sent before the event.
    await vi.advanceTimersByTimeAsync(1_000);
    for (const event of events) {
      if (event === 'load') frame.dispatchEvent(new Event('load'));
      else port.postMessage({ type: event });
    }
    // Messages of one port arrive in order: this is the last one.
    port.postMessage({ type: 'blocked', feature: 'link' });
    await waitUntil(() => expect(states.at(-1)).toMatchObject({ blocked: ['link'] }));
    await vi.advanceTimersByTimeAsync(7_000);
    expect(states.at(-1)).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('that hangs before it is rendered is closed, with the reason that it hangs', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const { frame, states } = await openPreview('html', '<script>while (true) {}</script>');
    frame.dispatchEvent(new Event('load'));
    await vi.advanceTimersByTimeAsync(7_000);
    expect(states.at(-1)).toMatchObject({ message: expect.stringMatching(/stopped responding/) });
  });

  it('with an error message of a million characters shows its beginning', async () => {
    const { port, states } = await openPreview('html', '<p>');
    port.postMessage({ type: 'shown' });
    port.postMessage({ type: 'error', message: 'x'.repeat(1_000_000) });
    await waitUntil(() => expect(states.at(-1)).toMatchObject({ error: 'x'.repeat(500) }));
    port.postMessage({ type: 'failed', message: 'y'.repeat(1_000_000) });
    await waitUntil(() => expect(states.at(-1)?.type).toBe('failed'));
    expect(states.at(-1)).toEqual({
      type: 'failed',
      message: `Couldn’t render it. ${'y'.repeat(500)}`,
    });
  });

  it('reports each unavailable feature once and ignores unknown ones', async () => {
    const { port, states } = await openPreview('html', '<p>');
    for (const feature of ['link', 'constructor', '', 'link'])
      port.postMessage({ type: 'blocked', feature });
    port.postMessage({ type: 'shown' });
    await waitUntil(() =>
      expect(states.at(-1)).toEqual({ type: 'shown', blocked: ['link'], error: null }),
    );
  });
});

/** Starts a preview in a minimal stub of the DOM. */
async function openPreview(kind: PreviewKind, code: string) {
  const frame = Object.assign(new EventTarget(), {
    sandbox: { add() {} },
    contentWindow: { postMessage: vi.fn() },
    remove: vi.fn(),
  });
  const app = new EventTarget();
  vi.stubGlobal('document', { createElement: () => frame, hidden: false });
  vi.stubGlobal('addEventListener', app.addEventListener.bind(app));
  vi.stubGlobal('removeEventListener', app.removeEventListener.bind(app));
  const states: PreviewState[] = [];
  const container = { append() {} } as unknown as HTMLElement;
  const stopPreview = startPreview(container, { kind, code, dark: false }, (state) =>
    states.push(state),
  );
  onTestFinished(() => {
    stopPreview();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  frame.dispatchEvent(new Event('load'));
  const { postMessage } = frame.contentWindow;
  await waitUntil(() => expect(postMessage).toHaveBeenCalled());
  const [call] = postMessage.mock.calls as Array<
    [request: unknown, target: string, ports: [MessagePort]]
  >;
  if (!call) throw new Error('Nothing was sent to the frame.');
  const [port] = call[2];
  return { app, frame, port, states };
}

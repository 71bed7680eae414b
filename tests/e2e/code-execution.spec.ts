import { createServer } from 'node:http';
import { CodePanel } from '@/tests/support/e2e/code-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { listen } from '@/tests/support/listen';

test.use({
  // The browser logs what the policies of the sandbox block.
  allowedErrors: [/Content Security Policy|Failed to fetch/],
});

test('a JavaScript program shows its output, tables, images, charts and its value', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'sum.js',
    [
      'console.log("Hello", { a: 1, b: [2, 3] });',
      'console.table([{ name: "Ada", age: 36 }, { name: "Alan", age: 41 }]);',
      "display(\"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><rect width='20' height='20'/></svg>\");",
      'plot([1, 2, 3], { squares: [1, 4, 9] }, { title: "Powers" });',
      'const later = await new Promise((done) => setTimeout(() => done(40), 20));',
      'new Blob(["read at the end"]).text().then(console.log);',
      'later + 2;',
    ].join('\n'),
  );
  await expect(code.status).toHaveText(/^Finished in \d/);
  await expect(code.output).toContainText('Hello { a: 1, b: [2, 3] }');
  await expect(code.output.getByRole('cell', { name: 'Ada' })).toBeVisible();
  await expect(code.output.getByRole('columnheader', { name: 'age' })).toBeVisible();
  const image = code.output.getByRole('img', { name: 'Output of the program' });
  await expect(image).toHaveJSProperty('naturalWidth', 20);
  await expect(code.output.getByRole('img', { name: 'Powers: line, 3 points' })).toBeVisible();
  await expect(code.output).toContainText('→ 42');
  await expect(code.output).toContainText('read at the end');
});

test('a TypeScript program runs without its types, and an error names its line and its call stack', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'shapes.ts',
    [
      'interface Shape { area(): number }',
      'enum Unit { Metre = 7 }',
      'const square: Shape = { area: (): number => 3 * 3 };',
      'console.log(square.area(), Unit.Metre);',
      'function fail(value?: { x: number }): number {',
      '  return value!.x;',
      '}',
      'fail();',
    ].join('\n'),
  );
  await expect(code.output).toContainText('9 7');
  await expect(code.status).toHaveText('Ended with an error');
  await expect(code.output).toContainText(/TypeError: Cannot read properties of undefined/);
  await code.output.getByRole('button', { name: 'Go to line 6' }).click();
  await expect(code.panel.locator('.cm-activeLine').first()).toContainText('value!.x');

  await code.createAndRun('broken.js', 'const a = 1;\nconst b = = 2;\n');
  await expect(code.output).toContainText('SyntaxError: Unexpected token');
  await expect(code.output.getByRole('button', { name: 'Go to line 2' })).toBeVisible();
});

test('a Python program shows its output, tables, charts, errors and missing packages', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'stats.py',
    [
      'import json, statistics, sys',
      'print("mean", statistics.mean([1, 2, 6]))',
      'print("careful", file=sys.stderr)',
      'display([{"city": "Oslo", "people": 700}, {"city": "Rome", "people": 2800}])',
      'plot(["a", "b"], {"one": [1, 2], "two": [2, 3]}, kind="bar", title="Bars")',
      "display(\"<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'></svg>\")",
      'import asyncio',
      'await asyncio.sleep(0.01)',
      '{"answer": 42}',
    ].join('\n'),
  );
  await expect(code.output).toContainText('mean 3');
  await expect(code.output).toContainText('careful');
  await expect(code.output.getByRole('cell', { name: 'Oslo' })).toBeVisible();
  await expect(code.output.getByRole('img', { name: 'Bars: bar, 4 points' })).toBeVisible();
  await expect(code.output.getByRole('img', { name: 'Output of the program' })).toBeVisible();
  await expect(code.output).toContainText("→ {'answer': 42}");
  await expect(code.status).toHaveText(/^Finished in/);

  await code.createAndRun(
    'ends.py',
    [
      'import sys, time',
      'for step in range(3): print(f"step {step}", end="\\r", flush=True)',
      'print("done  ")',
      'sys.stdout.write("größer ")',
      'print("warned", end="", file=sys.stderr)',
      'print("end", end="")',
    ].join('\n'),
  );
  await expect(code.status).toHaveText(/^Finished in/);
  await expect(code.output).toContainText('done');
  await expect(code.output).not.toContainText('step');
  await expect(code.output).toContainText('größer end');
  await expect(code.output).toContainText('warned');

  await code.createAndRun(
    'wrong.py',
    [
      'def f(x):',
      '    return 1 / x',
      'import sys',
      'for ask in (sys.stdin.readline, lambda: input("Name? ")):',
      '    try: ask()',
      '    except RuntimeError as error: print(error)',
      'print("last words", end="")',
      'try: f(0)',
      'finally: input()',
    ].join('\n'),
  );
  await expect(code.output).toContainText(
    /Programs cannot read input here.*\s+Name\? Programs cannot read input here/,
  );
  await expect(code.output).toContainText('last words');
  await expect(code.output).toContainText('ZeroDivisionError: division by zero');
  await expect(code.output).toContainText('line 2, in f');
  // The traceback contains only lines of the program.
  await expect(code.output).not.toContainText(/_pyodide|<exec>/);
  await expect(code.output.getByRole('button', { name: 'Go to line 9' })).toBeVisible();

  await code.createAndRun('leaves.py', 'import sys\nprint("bye", end="")\nsys.exit()\n');
  await expect(code.status).toHaveText(/^Finished in/);
  await expect(code.output).toContainText(/bye$/);
  await code.createAndRun('fails.py', 'print("bye")\nraise SystemExit("no such file")\n');
  await expect(code.status).toHaveText('Ended with an error');
  await expect(code.output).toContainText(/bye\s*no such file$/);
  // `os._exit` ends the Python runtime.
  await code.createAndRun('exits.py', 'import os\nprint("bye")\nos._exit(3)\n');
  await expect(code.status).toHaveText('Ended with an error');
  await expect(code.output).toContainText(/bye\s*The program ended with exit code 3\.$/);

  await code.createAndRun('arrays.py', 'import numpy as np\nprint(np.zeros(3))\n');
  await expect(code.output).toContainText('numpy is not available');
});

test('a program with an endless loop can be stopped, and the page stays responsive meanwhile', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram('loop.js', 'console.log("before");\nwhile (true) {}\n');
  await code.runButton.click();
  await expect(code.status).toHaveText('Running…');
  await expect(code.output).toContainText('before');
  await chat.messageBox.fill('The page answers');
  await expect(chat.messageBox).toHaveValue('The page answers');
  await code.stopButton.click();
  await expect(code.status).toHaveText('Stopped');
  await expect(code.output).toContainText('before');
  expect(await chat.page.locator('iframe').count()).toBe(0);
});

test('a program that floods its output is stopped, whichever way it prints', async ({ chat }) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'flood.js',
    'for (let i = 0; ; i++) { try { console.log("line", i); } catch {} }',
  );
  await expect(code.status).toHaveText(/^Stopped: the output limit is 5,000 lines or 1 MB/);
  await expect(code.output).toContainText('line 4999');
  await chat.messageBox.fill('The page answers');
  await code.createAndRun('heavy.js', 'while (true) console.log("x".repeat(100_000));');
  await expect(code.status).toHaveText(/^Stopped: the output limit is/);
});

/**
 * Creates a black, square PNG. With 16,000 pixels per side it takes 40 kB, and 1 GB when rendered.
 */
const BITMAP = `
async function bitmap(side) {
  const pixels = new Blob([new Uint8Array((side / 8 + 1) * side)]);
  const packed = await new Response(pixels.stream().pipeThrough(new CompressionStream('deflate'))).bytes();
  const crcOf = (bytes) => {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    }
    return ~crc >>> 0;
  };
  const number = (value) => [value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255);
  const chunk = (type, data) => {
    const body = [...new TextEncoder().encode(type), ...data];
    return [...number(data.length), ...body, ...number(crcOf(body))];
  };
  const bytes = [137, 80, 78, 71, 13, 10, 26, 10]
    .concat(chunk('IHDR', [...number(side), ...number(side), 1, 0, 0, 0, 0]), chunk('IDAT', packed), chunk('IEND', []));
  return 'data:image/png;base64,' + btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
}`;

test('images and tables that would block the page are left out, and the page stays responsive', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'bomb.js',
    `let parts = '<g id="a0"><rect width="9" height="9"/></g>';
for (let i = 1; i < 30; i++) parts += '<g id="a' + i + '"><use href="#a' + (i - 1) + '"/><use x="1" href="#a' + (i - 1) + '"/></g>';
display('<svg xmlns="http://www.w3.org/2000/svg">' + parts + '</svg>');
console.log('going on');
JSON.stringify = () => ({ length: -1e9 });
console.log('\\u0645'.repeat(200_000));
plot([-5e-324, 5e-324]);
display(await bitmap(16_000));
while (true) console.table([[1]], Array.from({ length: 1_000 }, (_, i) => 'column ' + i));
${BITMAP}`,
  );
  const leftOut = code.output.getByText(
    'An image was left out because it would take too long to render.',
  );
  await expect(leftOut).toHaveCount(2);
  await expect(code.output).toContainText('going on');
  await expect(code.status).toHaveText(/^Stopped: the output limit is/);
  await chat.messageBox.fill('The page answers');
});

test('a program can access neither the network nor the page, its storage or its cookies', async ({
  chat,
}) => {
  let connections = 0;
  const listener = createServer(() => {}).on('connection', () => connections++);
  const address = `http://127.0.0.1:${await listen(listener)}/from-the-program`;
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'escape.js',
    `
const tries = {
  fetch: () => fetch(${JSON.stringify(address)}),
  nativeFetch: () => Object.getPrototypeOf(Object.getPrototypeOf(self)).fetch.call(self, ${JSON.stringify(address)}),
  xhr: () => new XMLHttpRequest(),
  socket: () => new WebSocket('ws' + ${JSON.stringify(address)}.slice(4)),
  module: () => import(${JSON.stringify(address)}),
  data: () => import('data:text/javascript,export default 1'),
  scripts: () => importScripts(${JSON.stringify(address)}),
  nested: () => new Promise((resolve, reject) => {
    const source = 'fetch(' + JSON.stringify(${JSON.stringify(address)}) + ').then(() => postMessage("in"), (e) => postMessage(String(e)))';
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.onmessage = ({ data }) => data === 'in' ? resolve() : reject(new Error(data));
    worker.onerror = () => reject(new Error('no worker'));
  }),
  storage: () => new Promise((resolve, reject) => {
    const opening = indexedDB.open('x'); opening.onsuccess = resolve; opening.onerror = () => reject(opening.error);
  }),
  caches: () => caches.open('x'),
  page: () => document.title,
  speech: () => postMessage({ type: 'output', item: {} }),
};
for (const [name, attempt] of Object.entries(tries)) {
  try { await attempt(); console.log(name, 'WENT THROUGH'); }
  catch (error) { console.log(name, 'blocked:', error.message); }
}
console.log('origin', self.origin);
fetch('/');
`,
  );
  await expect(code.output).toContainText('origin null');
  await expect(code.output).toContainText(
    'fetch is not available. Programs have no network access here.',
  );
  await expect(code.output).not.toContainText('WENT THROUGH');
  expect(await code.output.getByText(/blocked:/).count()).toBeGreaterThan(0);
  expect(connections).toBe(0);
  listener.close();
});

test('a Python program cannot access the network and sends no request', async ({ chat }) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'net.py',
    [
      'try:',
      '    input("name?")',
      'except RuntimeError as error:',
      '    print(error)',
      'from urllib.request import urlopen',
      'urlopen("http://example.com")',
    ].join('\n'),
  );
  await expect(code.output).toContainText('Programs cannot read input here');
  await expect(code.status).toHaveText('Ended with an error');
  await expect(code.output).toContainText('Programs have no network access here.');
});

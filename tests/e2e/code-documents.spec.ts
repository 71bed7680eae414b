import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expectAccessible } from '@/tests/support/e2e/accessibility';
import { CodePanel } from '@/tests/support/e2e/code-panel';
import { fetchLatestDocument } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

test.use({
  // The browser logs what the policy of the preview blocks.
  allowedErrors: [/Content Security Policy|sandboxed|missing is not defined/],
});

test('a program is streamed with its end in view and is editable once it is complete', async ({
  chat,
  model,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  const content = Array.from({ length: 200 }, (_, i) => `line${i}=${i};`).join('\n');
  const options = {
    kind: 'code',
    language: 'javascript',
    title: 'Lines',
    content,
    rate: 400,
    hold: 120,
  };
  await chat.sendMessage(`Write ${scenario('document', options)}`);
  await expect(code.editor).toContainText('line119=119;');
  await expect(code.editor.getByText('line119=119;')).toBeInViewport();
  await expect(code.editor).toHaveAttribute('aria-readonly', 'true');
  await expect(code.runButton).toBeHidden();
  model.release();
  await chat.waitUntilFinished();
  await expect(code.editor.getByText('line199=199;')).toBeInViewport();
  await expect(code.editor).toHaveAttribute('aria-readonly', 'false');

  await code.editor.click();
  await chat.page.keyboard.press('Control+Home');
  await chat.page.keyboard.type('// mine');
  await chat.page.keyboard.press('Enter');
  await expect(code.panel).toContainText('Saved');
  await chat.reload();
  await chat.answer.getByRole('button', { name: /^Open/ }).click();
  const { request } = chat.page;
  const documents = await request.get(`/api/chat/${await chat.chatId()}/documents`);
  const [{ id }] = await documents.json();
  const saved = await (await request.get(`/api/document/${id}`)).json();
  expect(saved.content).toBe(`// mine\n${content}`);
});

test('the keyboard can indent, leave the editor, search and undo, and Escape does not close the panel', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  const { keyboard } = chat.page;
  await code.createProgram('keys.js', 'function one() {\n  return 1;\n}\n');
  await code.editor.click();
  await keyboard.press('Control+End');
  await keyboard.press('Tab');
  await keyboard.type('two');
  await expect(code.panel.locator('.cm-line').last()).toHaveText('  two');
  await keyboard.press('Control+z');
  await keyboard.press('Control+z');
  await expect(code.panel.locator('.cm-line').last()).toHaveText('');
  await keyboard.press('Control+z');
  await expect(code.editor).toContainText('return 1;');

  // The editor rejects files, whatever they contain, and says so.
  const rejection = chat.page.getByText('Files can’t be attached yet.');
  for (const type of ['drop', 'paste']) {
    await code.editor.evaluate((text, type) => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'notes.txt', { type: 'text/plain' }));
      const init = { bubbles: true, cancelable: true };
      text.dispatchEvent(
        type === 'drop'
          ? new DragEvent(type, { ...init, dataTransfer: data })
          : new ClipboardEvent(type, { ...init, clipboardData: data }),
      );
    }, type);
    await expect(rejection).toHaveCount(type === 'drop' ? 1 : 2);
  }
  await expect(code.editor).not.toContainText('dropped');

  await keyboard.press('Control+f');
  await expect(code.panel.getByRole('textbox', { name: 'Find' })).toBeFocused();
  await keyboard.type('return');
  await keyboard.press('Escape');
  await expect(code.panel.getByRole('textbox', { name: 'Find' })).toBeHidden();
  await expect(code.editor).toBeFocused();
  await keyboard.press('Escape');
  await keyboard.press('Tab');
  await expect(code.editor).not.toBeFocused();
  await expect(code.editor).toContainText('function one() {');
});

test('a change of the selection can be requested with the mouse and with the keyboard', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram('ask.js', 'const first = 1;\nconst second = 2;\n');
  await code.editor.getByText('const', { exact: true }).first().dblclick();
  await code.panel.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(chat.page.getByText(/“const”/)).toBeVisible();
  await expect(chat.messageBox).toBeFocused();

  await code.editor.click();
  await chat.page.keyboard.press('Control+Home');
  await chat.page.keyboard.press('Shift+End');
  await chat.page.keyboard.press('Alt+Enter');
  await expect(chat.page.getByText(/“ask.js”, line 1: “const first = 1;”/)).toBeVisible();

  await code.editor.click();
  await chat.page.keyboard.press('Control+End');
  await chat.page.keyboard.type('// mine');
  await expect(code.panel).toContainText('Saved');
  await code.panel.getByRole('button', { name: 'Previous version' }).click();
  await expect(code.editor).toHaveAttribute('aria-readonly', 'true');
  await code.editor.click();
  await chat.page.keyboard.press('Control+a');
  await code.panel.getByRole('button', { name: 'Ask for a change' }).click();
  await expect(chat.page.getByText(/“ask.js”, version 1, lines 1–2: /)).toBeVisible();
});

test('an HTML page is previewed with its scripts and without network access', async ({
  chat,
  app,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram(
    'page.html',
    `<!doctype html><h1>Hello</h1><p id="out">…</p>
<img src="${app.baseUrl}/icon.svg?from-the-preview" alt="">
<script>
let cookies; try { cookies = document.cookie } catch (error) { cookies = 'blocked' }
let above; try { above = parent.document.title } catch (error) { above = 'blocked' }
fetch('${app.baseUrl}/api/health').then(() => 'in', () => 'blocked').then((net) => {
  document.getElementById('out').textContent = ['cookies', cookies, 'above', above, 'network', net].join(' ');
});
</script>`,
    { preview: true },
  );
  await expect(code.preview.getByRole('heading', { name: 'Hello' })).toBeVisible();
  await expect(code.preview.locator('#out')).toHaveText('cookies above blocked network blocked');
  await expect(code.panel).toContainText('A preview has no network access');
  const frame = code.panel.locator('iframe');
  await expect(frame).toHaveAttribute('sandbox', 'allow-scripts allow-forms');

  await code.panel.getByRole('button', { name: 'Code', exact: true }).click();
  await code.editor.click();
  await chat.page.keyboard.press('Control+a');
  await chat.page.keyboard.type('<h1>Changed</h1>');
  await code.panel.getByRole('button', { name: 'Preview', exact: true }).click();
  await expect(code.preview.getByRole('heading', { name: 'Changed' })).toBeVisible();
});

test('a text that becomes an HTML page while it is streamed stays in its editor', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram('Scratch', 'nothing yet');
  await code.editor.click();
  await chat.page.keyboard.press('ControlOrMeta+a');
  await chat.page.keyboard.type('<!doctype html><h1>Mine</h1>');
  await expect(code.panel.getByRole('button', { name: 'Preview', exact: true })).toBeVisible();
  await expect(code.editor).toBeFocused();
  await chat.page.keyboard.type('<p>More');
  await expect(code.editor).toContainText('<h1>Mine</h1><p>More');
});

test('a preview reports features that it does not have, keeps running, and cannot navigate away', async ({
  chat,
  app,
  monitor,
}) => {
  monitor.allowErrors(/NotAllowedError|permissions policy|frame-ancestors/i);
  const packets: Buffer[] = [];
  const socket = createSocket('udp4', (packet) => packets.push(packet));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const call = `try { const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${socket.address().port}' }] }); peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer)) } catch {}`;
  const framed = `&lt;script>${call}&lt;/script>`.replaceAll("'", '&#39;');
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram(
    'page.html',
    `<!doctype html><h1>Page</h1><p id="out"></p>
<iframe srcdoc="${framed}"></iframe><div><template shadowrootmode="closed"><iframe srcdoc="${framed}"></iframe></template></div>
<a id="away" href="${app.baseUrl}/">Away</a> <a id="near" href="#out">Near</a>
<button onclick="const link = document.createElement('a'); link.href = 'data:text/plain,x'; link.download = 'x.txt'; link.click()">Save</button>
<button onclick="navigator.clipboard.writeText('x')">Copy</button> <button onclick="location.href = '${app.baseUrl}/'">Leave</button>
<dialog open><form method="dialog"><button>Fine</button></form></dialog><form id="own"><button>Own</button></form><form id="sent" action="${app.baseUrl}/"><button>Sent</button></form>
<script>
${call}
const host = document.body.appendChild(document.createElement('div'));
host.attachShadow({ mode: 'closed' }).innerHTML = '<iframe srcdoc="${framed}"></iframe>';
localStorage.setItem('count', 2);
localStorage.name = 'x';
document.cookie = 'a=b; path=/';
document.getElementById('own').addEventListener('submit', (event) => {
  event.preventDefault();
  document.getElementById('out').textContent = ['own', typeof RTCPeerConnection, localStorage.getItem('count'), localStorage.length, document.cookie, confirm('?')].join(' ');
});
</script>
<script>missing.value = 1</script>`,
    { preview: true },
  );
  const { preview, panel } = code;
  await expect(panel).toContainText('A script of the page failed');
  await expect(panel).toContainText('missing is not defined');
  await expect(panel).toContainText('the data that this page stores in the browser');
  await expect(panel).toContainText('Frames in the page aren’t shown');
  await expect(panel).not.toContainText('Forms aren’t submitted');
  await preview.getByRole('button', { name: 'Fine' }).click();
  await expect(preview.getByRole('dialog')).toHaveCount(0);
  await expect(panel).not.toContainText('Forms aren’t submitted');
  await preview.getByRole('button', { name: 'Own' }).click();
  await expect(preview.locator('#out')).toHaveText('own undefined 2 2 a=b false');
  await expect(panel).toContainText('Dialogs and new windows don’t open');
  await preview.getByRole('link', { name: 'Near' }).click();
  await expect(panel).not.toContainText('Links don’t work');
  const away = preview.getByRole('link', { name: 'Away' });
  const box = await away.boundingBox();
  await away.click();
  await expect(panel).toContainText('Links don’t work in a preview');
  // The message does not move the clicked link.
  expect(await away.boundingBox()).toEqual(box);
  await preview.getByRole('button', { name: 'Sent' }).click();
  await expect(panel).toContainText('Forms aren’t submitted in a preview');
  await preview.getByRole('button', { name: 'Save' }).click();
  await expect(panel).toContainText('Downloads don’t work in a preview');
  await preview.getByRole('button', { name: 'Copy' }).click();
  await expect(panel).toContainText('doesn’t grant a permission that this page requested');
  await expect(preview.getByRole('heading', { name: 'Page' })).toBeVisible();
  await expect(preview.locator('iframe')).toHaveCount(0);
  await preview.getByRole('button', { name: 'Leave' }).click();
  await expect(panel).toContainText('The page left the preview');
  await panel.getByRole('button', { name: 'Reload' }).click();
  await expect(preview.getByRole('heading', { name: 'Page' })).toBeVisible();
  expect(packets).toEqual([]);
  socket.close();
});

test('a page that replaces built-in functions gets no frame and keeps the history of the tab', async ({
  chat,
}) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram(
    'hostile.html',
    `<!doctype html><h1>Page</h1><p id="out"></p>
<script>
const call = Function.prototype.call;
Function.prototype.call = function (...values) { return Reflect.apply(call, this, values); };
const frame = () => { const made = document.createElement('iframe'); made.srcdoc = '<p>in'; return made; };
const own = frame();
own.remove = () => {};
document.body.append(own);
document.body.append(document.createElement('div'));
const shadow = document.body.lastChild.attachShadow({ mode: 'open' });
shadow.append(frame());
Element.prototype.remove = () => {};
Element.prototype.matches = () => false;
Element.prototype.querySelectorAll = () => [];
Set.prototype.has = () => { throw new Error('no'); };
NodeList.prototype[Symbol.iterator] = Array.prototype[Symbol.iterator] = function* () {};
Object.defineProperty(Element, Symbol.hasInstance, { value: () => false });
RegExp.prototype.exec = () => null;
RegExp.prototype[Symbol.replace] = (text) => text;
document.body.append(frame(), frame());
const host = (write) => Reflect.apply(write, document, ['<b class="host"><template shadowroot' + 'mode="open"><iframe srcdoc="in"></iframe></template></b>']);
host(document.write);
host(Document.prototype.write);
for (let entry = 0; entry < 60; entry++) history.pushState({ entry }, '', '#' + entry);
setTimeout(() => {
  const hosts = document.getElementsByClassName('host');
  document.getElementById('out').textContent = ['frames', window.length, shadow.childNodes.length, hosts.length, !!hosts[0].shadowRoot].join(' ');
}, 50);
</script>`,
    { preview: true },
  );
  await expect(code.preview.locator('#out')).toHaveText('frames 0 0 2 false');
  await expect(code.panel).toContainText('Frames in the page aren’t shown');
  await expect(code.preview.getByRole('heading', { name: 'Page' })).toBeVisible();
  expect(await chat.page.evaluate(() => history.length)).toBeLessThan(10);
});

test('a page gets the focus on a click or Tab, and cannot take it by script', async ({ chat }) => {
  await chat.open();
  const code = new CodePanel(chat);
  const { preview, panel } = code;
  const { page } = chat;
  const frame = panel.locator('iframe');
  const field = preview.getByLabel('Field');
  await code.createProgram(
    'focus.html',
    `<!doctype html><script>
const html = '<!doctype html><input id="field" aria-label="Field"> <button id="steal">Steal</button>' +
  ' <a href="#far">Far</a><p id="far">Far away</p><p id="log"></p><dialog id="dialog"><input></dialog>';
// document.open() removes all listeners of the sandbox.
setTimeout(() => {
  document.open();
  document.write(html);
  document.close();
  addEventListener('focus', () => { log.textContent += 'focus '; });
  steal.onclick = () => setInterval(() => field.focus(), 0);
  field.focus();
});
</script>`,
    { preview: true },
  );
  await expect(preview.locator('#log')).toHaveText('focus');
  await expect(frame).not.toBeFocused();
  await chat.messageBox.click();
  await page.keyboard.type('mine');
  await field.click();
  await expect(preview.locator('#log')).toHaveText('focus focus');
  await page.keyboard.type('typed');
  await expect(field).toHaveValue('typed');
  await expect(frame).toBeFocused();
  await expect(chat.messageBox).toHaveValue('mine');

  const entries = await page.evaluate(() => history.length);
  await preview.getByRole('link', { name: 'Far' }).click();
  await expect(preview.locator('#far:target')).toBeVisible();
  expect(await page.evaluate(() => history.length)).toBe(entries);

  await panel.getByRole('button', { name: 'Code', exact: true }).focus();
  await page.keyboard.press('Tab');
  await expect(frame).toBeFocused();

  // After a click in the page, the browser lets the page take the focus for five seconds.
  await preview.getByRole('button', { name: 'Steal' }).click();
  await chat.messageBox.click();
  await page.keyboard.type('more');
  await expect(panel).toContainText('it took the focus away from where you type');
  await expect(chat.messageBox).toBeFocused();
  await page.keyboard.type(' and more');
  await expect(chat.messageBox).toHaveValue(/^mine.* and more$/);
});

test('a page with an endless loop is closed, and the app stays responsive', async ({ chat }) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram('hang.html', '<h1>Before</h1><script>while (true) {}</script>', {
    preview: true,
  });
  await chat.messageBox.fill('The app answers');
  await expect(code.panel).toContainText('The preview stopped responding and was closed.', {
    timeout: 20_000,
  });
  await expect(code.panel.getByRole('button', { name: 'Reload' })).toBeVisible();
  await expect(chat.messageBox).toHaveValue('The app answers');
});

test('images and diagrams are rendered, and an invalid one shows its error', async ({ chat }) => {
  await chat.open();
  const code = new CodePanel(chat);
  await code.createProgram(
    'circle.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>',
    { preview: true },
  );
  await expect(code.preview.locator('circle')).toBeVisible();
  await code.createProgram(
    'flow.mmd',
    'flowchart TD\n  A[Ask] --> B{Known?}\n  B -->|no| A\n  B -->|yes| C[Answer]\n',
    {
      preview: true,
      language: 'mermaid',
    },
  );
  await expect(code.preview.locator('svg')).toContainText('Answer', { timeout: 20_000 });
  await code.createProgram('wrong.mmd', 'flowchart TD\n  A[Ask --> B\n', {
    preview: true,
    language: 'mermaid',
  });
  await expect(code.panel).toContainText(/Couldn’t render it\. Parse error on line \d/, {
    timeout: 20_000,
  });
});

test('a program, its output and a preview have no accessibility violations', async ({
  chat,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await chat.open();
  const code = new CodePanel(chat);
  await code.createAndRun(
    'sums.js',
    'console.table([{ a: 1 }]);\nconsole.error("no");\nplot([1, 2], [3, 4]);\nnull.x',
  );
  await expect(code.output).toContainText('Cannot read properties of null');
  await expectAccessible(page, '[data-document-panel]');
  await page.setViewportSize({ width: 360, height: 640 });
  await expectAccessible(page, '[data-document-panel]');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });
  await code.createProgram('page.html', '<h1>Seen</h1>', { preview: true, language: 'html' });
  await expect(code.preview.getByRole('heading', { name: 'Seen' })).toBeVisible();
  await expectAccessible(page, '[data-document-panel]');
});

test('the message box stays usable while a program of 5,000 lines is streamed', async ({
  chat,
  model,
}) => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `add("row-${i}",${i}*${i});//n${i}`);
  // The last lines are held until the editor is open: one that opens later shows the beginning.
  const options = {
    kind: 'code',
    title: 'rows.js',
    content: lines.join('\n'),
    rate: 1_500,
    hold: 4_500,
  };
  // Too long for a message: it becomes the scenario of messages without a marker.
  model.setScenario(scenario('document', options).slice('[[scenario:'.length, -']]'.length));
  await chat.open();
  const code = new CodePanel(chat);
  await chat.sendMessage('Write rows');
  await expect(code.editor).toContainText('add(');
  await chat.messageBox.pressSequentially('while it is written');
  model.release();
  await chat.waitUntilFinished();
  await expect(chat.messageBox).toHaveValue('while it is written');
  expect((await fetchLatestDocument(chat)).content).toBe(lines.join('\n'));
  await expect(code.panel.locator('.cm-line').last()).toContainText('n4999');
  model.reset();
});

import type { Page } from '@playwright/test';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect, test } from '@/tests/support/e2e/fixtures';

/** Has the model answer with this text, which must not contain double quotes. */
async function answerWith(chat: ChatPage, text: string): Promise<void> {
  await chat.sendAndWait(`[[title:text=Markdown]][[scenario:say text="${text}"]]`);
}

test('a table is rendered as a table, also after a reload', async ({ chat }) => {
  await chat.open();
  await answerWith(
    chat,
    'Look:\n\n| Planet | Moons |\n| --- | ---: |\n| Earth | 1 |\n| Mars | 2 |\n',
  );
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    const table = chat.answer.getByRole('table');
    await expect(table.getByRole('columnheader')).toHaveText(['Planet', 'Moons']);
    await expect(table.getByRole('row', { name: 'Mars 2' })).toBeVisible();
  }
});

test('code is highlighted, and Copy copies only the code', async ({ chat, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const code = "const greeting = 'hello';\n\nif (greeting) {\n  console.log(greeting);\n}";
  await chat.open();
  await answerWith(chat, `Here:\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThat is all.`);
  const block = chat.answer.getByRole('figure');
  await expect(block).toContainText('ts');
  const countColors = () =>
    block
      .locator('code span')
      .evaluateAll((spans) => new Set(spans.map((span) => getComputedStyle(span).color)).size);
  await expect.poll(countColors).toBeGreaterThan(2);
  expect(await block.locator('code').textContent()).toBe(code);
  await block.getByRole('button', { name: 'Copy code' }).click();
  await expect(block.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);

  await chat.answer.getByRole('button', { name: 'Copy answer' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain('That is all.');
});

test('math is typeset, and amounts of money are not', async ({ chat }) => {
  await chat.open();
  await answerWith(chat, 'Inline $x^2 + y^2$ and\n\n$$\n\\frac{a}{b}\n$$\n\nIt costs $5 to $6.');
  await expect(chat.answer.locator('.katex')).toHaveCount(2);
  await expect(chat.answer.locator('.katex-display')).toHaveCount(1);
  await expect(chat.answer.locator('.katex-display .mfrac')).toBeVisible();
  await expect(chat.answer).toContainText('It costs $5 to $6.');
  await expect(chat.answer.locator('.katex-error')).toHaveCount(0);
});

test('a formula is copied as its source, once and complete, in any block', async ({
  chat,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await chat.open();
  const inner = '\\int_0^1 x\\,dx';
  await answerWith(
    chat,
    `Before $\\frac{1}{2}$ after.\n\n$$\n${inner}\n$$\n\n- item $c_1$\n\n| h |\n| - |\n| $d$ |`,
  );
  await expect(chat.answer.locator('.katex')).toHaveCount(4);
  const copy = (from: string) =>
    page.evaluate(async (selector) => {
      const answers = document.querySelectorAll('article[aria-label="Assistant"]');
      getSelection()?.selectAllChildren(
        answers[answers.length - 1]?.querySelector(selector) as Element,
      );
      document.execCommand('copy');
      return (await navigator.clipboard.readText()).split(/\n+/);
    }, from);
  const sources = ['Before $\\frac{1}{2}$ after.', '$$', inner, '$$', 'item $c_1$', 'h', '$d$'];
  await expect.poll(() => copy('.markdown')).toEqual(sources);
  // A selected part of a formula copies the whole formula.
  expect(await copy('.katex .mfrac')).toEqual(['$\\frac{1}{2}$']);
  // The selection starts in the user message.
  const all = await page.evaluate(async () => {
    getSelection()?.selectAllChildren(document.querySelector('[role=log]') as Element);
    document.execCommand('copy');
    return (await navigator.clipboard.readText()).split(/\n+/);
  });
  expect(all).toEqual(expect.arrayContaining(sources));
});

const ATTACKS = [
  '<script>window.attacked = 1</script>',
  '<img src=x onerror=window.attacked=2>',
  '<svg onload=window.attacked=3><a href=javascript:window.attacked=4>svg</a></svg>',
  '<iframe src=http://elsewhere.test/frame></iframe>',
  '<a href=javascript:window.attacked=5>first link</a>',
  '[second link](javascript:window.attacked=6)',
  '[third link](data:text/html,<script>window.attacked=7</script>)',
  '<link rel=stylesheet href=http://elsewhere.test/style.css>',
  '<style>body { display: none; background: url(http://elsewhere.test/x.png) }</style>',
  '<div style=background:url(http://elsewhere.test/y.png) onclick=window.attacked=8>box</div>',
  '![picture](http://elsewhere.test/picture.png)',
  '<img src=http://elsewhere.test/picture.png>',
  '<form action=http://elsewhere.test/><button>press</button></form>',
];

test('HTML from a model runs nothing, loads nothing and leaves the page unchanged', async ({
  chat,
  page,
}) => {
  await chat.open();
  await answerWith(chat, `Start\n\n${ATTACKS.join('\n\n')}\n\nThe **end**, with <kbd>Ctrl</kbd>`);
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    await expect(chat.answer).toContainText('The end, with Ctrl');
    await expect(chat.answer.locator('kbd')).toHaveText('Ctrl');
    await clickEverything(page);
    expect(await page.evaluate(() => 'attacked' in window)).toBe(false);
    const risky = 'script, iframe, style, link, form, img, [onerror], [onload], [onclick]';
    await expect(chat.answer.locator(risky)).toHaveCount(0);
    await expect(chat.answer.locator('a[href^="javascript"], a[href^="data"]')).toHaveCount(0);
    await expect(chat.messageBox).toBeVisible();
  }
});

/** Clicks all links and elements of the answers that do not leave the page. */
async function clickEverything(page: Page): Promise<void> {
  await page
    .getByRole('log')
    .locator('a:not([href^="http"]), .markdown div')
    .evaluateAll((elements) => {
      for (const element of elements) (element as HTMLElement).click();
    });
}

test('links open in a new tab and send no referrer', async ({ chat }) => {
  await chat.open();
  await answerWith(chat, 'See [the page](https://elsewhere.test/a).');
  const link = chat.answer.getByRole('link', { name: 'the page' });
  await expect(link).toHaveAttribute('target', '_blank');
  await expect(link).toHaveAttribute('rel', /noopener.*noreferrer/);
});

test('incomplete Markdown does not show its markup while it is streamed', async ({
  chat,
  page,
}) => {
  const flashes: string[] = [];
  await page.exposeFunction('reportFlash', (text: string) => flashes.push(text));
  await page.addInitScript(() => {
    // Outside code and formulas, none of this markup should ever be visible.
    const markup = /\*\*|`|\]\(|^#+ |\|\s*:?-{3}|https:\/\//m;
    const check = () => {
      const answers = document.querySelectorAll('article[aria-label="Assistant"]');
      const copy = answers[answers.length - 1]?.cloneNode(true) as HTMLElement | undefined;
      if (!copy) return;
      for (const part of copy.querySelectorAll('pre, code, .katex')) part.remove();
      const found = markup.exec(copy.textContent ?? '');
      const { reportFlash } = window as unknown as { reportFlash: (text: string) => void };
      if (found) reportFlash(found.input.slice(Math.max(0, found.index - 30), found.index + 30));
    };
    new MutationObserver(check).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  await chat.open();
  await chat.sendMessage('Dress up [[scenario:prose n=240 rate=80]]');
  await chat.waitForToken(239);
  await chat.waitUntilFinished();
  expect(flashes).toEqual([]);
  const tokens = await chat.displayedTokens();
  expect(tokens).toEqual(tokens.map((_, index) => index));
});

test('a malicious answer does not hide other answers, and the footnotes of two answers do not mix', async ({
  chat,
  page,
}) => {
  await chat.open();
  await answerWith(chat, 'One[^1].\n\n[^1]: The first note.');
  await answerWith(chat, 'Two[^1].\n\n[^1]: The second note.');
  await answerWith(chat, '- '.repeat(3_000));
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    const answers = page.getByRole('article', { name: 'Assistant' });
    await expect(answers).toHaveCount(3);
    for (const [index, note] of ['The first note.', 'The second note.'].entries()) {
      const answer = answers.nth(index);
      const reference = answer.getByRole('link', { name: 'Note 1', exact: true });
      const target = await reference.getAttribute('href');
      await expect(page.locator(`[id="${target?.slice(1)}"]`)).toHaveCount(1);
      await expect(answer.locator(`[id="${target?.slice(1)}"]`)).toContainText(note);
      const backLink = await answer
        .getByRole('link', { name: 'Back to note 1' })
        .getAttribute('href');
      await expect(answer.locator(`[id="${backLink?.slice(1)}"]`)).toHaveCount(1);
    }
  }
});

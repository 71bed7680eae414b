import postgres from 'postgres';
import { DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

const FAULT = 'A fault in what handles the events of the stream.';

type FaultyWindow = { faults: number };

test('an error in an event handler does not break the answer, and the next event is handled', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(new RegExp(FAULT));
  // The handler of stream events calls `findLast` to find the chat's title: here it can be made to
  // throw once, on a list with an `id` event.
  await page.addInitScript((fault) => {
    const { findLast } = Array.prototype;
    const faulty: FaultyWindow = Object.assign(window, { faults: 0 });
    Array.prototype.findLast = function (this: Array<{ type?: string }>, ...args: [never]) {
      if (faulty.faults > 0 && this.some(({ type }) => type === 'id')) {
        faulty.faults -= 1;
        throw new Error(fault);
      }
      return findLast.apply(this, args);
    } as typeof findLast;
  }, FAULT);
  await chat.open();
  await chat.sendAndWait('Hello');
  await page.evaluate(() => Object.assign(window, { faults: 1 }));

  await chat.sendAndWait(scenario('document', { title: 'First', content: 'one', rate: 0 }));
  expect(await page.evaluate(() => (window as unknown as FaultyWindow).faults)).toBe(0);
  await expect(chat.answer).toContainText('The tool said');
  await documentCard(page, 'First').getByRole('button', { name: 'Open' }).click();
  const panel = new DocumentPanel(page);
  await expect(panel.root).toContainText('one');
  await panel.button('Close document').click();

  await chat.sendAndWait(scenario('document', { title: 'Second', content: 'two', rate: 0 }));
  await expect(panel.root).toContainText('two');
});

test('an answer that fails to render is shown as plain text and hides no other answer', async ({
  chat,
  monitor,
  database,
}) => {
  monitor.allowErrors(/source|Minified React error|title/);
  await chat.open();
  await chat.sendAndWait('The first one');
  await chat.sendAndWait('The second one');
  const sql = postgres(database.url, { max: 1 });
  // A part of a known type without its required fields.
  await sql`
    update message set parts = parts || '[{"type":"source"}]'::jsonb
    where parts @> '[{"type":"text","text":"You said: The first one"}]'::jsonb`;
  await sql.end();
  await chat.reload();
  await expect(chat.answers).toHaveCount(2);
  await expect(chat.answers.first()).toContainText('This answer could not be formatted.');
  await expect(chat.answers.first()).toContainText('You said: The first one');
  await expect(chat.answers.last()).toContainText('You said: The second one');
  await expect(chat.answers.last().getByRole('alert')).toHaveCount(0);
  await chat.sendAndWait('The third one');
  await expect(chat.answer).toContainText('You said: The third one');
});

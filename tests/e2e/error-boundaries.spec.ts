import postgres from 'postgres';
import { DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { expect, test } from '@/tests/support/e2e/fixtures';
import { holdRequests } from '@/tests/support/e2e/hold-requests';
import { scenario } from '@/tests/support/model-server/scenario-line';

const FAULT = 'A fault in what handles the events of the stream.';

test('an error in an event handler does not break the answer, and the next event is handled', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(new RegExp(FAULT));
  await chat.open();
  await chat.sendAndWait('Hello');
  const release = await holdRequests(page, /\/api\/chat$/);
  await chat.sendMessage(scenario('document', { title: 'First', content: 'one', rate: 0 }));
  await expect(chat.stopButton).toBeVisible();
  // Before a document opens by itself, the handler reads the focused field: this one throws, once.
  await page.evaluate((fault) => {
    const field = document.createElement('textarea');
    field.ariaLabel = 'Faulty';
    Object.defineProperty(field, 'value', {
      get() {
        field.remove();
        throw new Error(fault);
      },
    });
    document.body.append(field);
    field.focus();
  }, FAULT);
  const faultyField = page.getByLabel('Faulty');
  await expect(faultyField).toBeFocused();
  release();
  await chat.waitUntilFinished();
  await expect(faultyField).toHaveCount(0);
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
  await expect(chat.answers.first()).toContainText('Couldn’t format this answer.');
  await expect(chat.answers.first()).toContainText('You said: The first one');
  await expect(chat.answers.last()).toContainText('You said: The second one');
  await expect(chat.answers.last().getByRole('alert')).toHaveCount(0);
  await chat.sendAndWait('The third one');
  await expect(chat.answer).toContainText('You said: The third one');
});

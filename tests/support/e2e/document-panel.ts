import { expect, type Locator, type Page } from '@playwright/test';
import type { DocumentDetail } from '@/lib/protocol/api';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** Page object of the document panel. */
export class DocumentPanel {
  readonly root: Locator;
  readonly versionLabel: Locator;
  readonly versionToolbar: Locator;
  readonly saveStatus: Locator;

  constructor(readonly page: Page) {
    this.root = page.getByRole('complementary', { name: 'Document' });
    this.versionToolbar = this.root.getByRole('toolbar', { name: 'Versions' });
    this.versionLabel = this.versionToolbar.getByText(/^Version \d/).locator('..');
    this.saveStatus = this.root.getByRole('status', { name: 'Saving' });
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  async chooseMenuItem(item: string | RegExp): Promise<void> {
    await this.button('More for this document').click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async expectVersion(version: number, latest: number, author: 'you' | 'the model'): Promise<void> {
    await expect(this.versionLabel).toContainText(`Version ${version} of ${latest} · by ${author}`);
  }

  cell(text: string): Locator {
    return this.root.getByRole('gridcell', { name: text, exact: true });
  }

  /** Replaces the content of the cell that contains `from`. */
  async editCell(from: string, to: string): Promise<void> {
    await this.cell(from).click();
    await this.page.keyboard.type(to);
    await this.page.keyboard.press('Enter');
  }
}

/** The document cards with this title in the conversation. */
export function documentCard(page: Page, title: string): Locator {
  return page.getByRole('log').getByRole('region', { name: `Document: ${title}` });
}

/**
 * Has the model write a document in a new chat.
 * @param document options of the scenario; streamed without delays unless `rate` is set
 */
export async function createDocument(
  chat: ChatPage,
  document: Record<string, unknown>,
): Promise<DocumentPanel> {
  await chat.open();
  await chat.sendAndWait(scenario('document', { rate: 0, ...document }));
  return new DocumentPanel(chat.page);
}

/** Opens the newest version of the chat's last document. */
export async function openLatestDocument({ page }: ChatPage): Promise<void> {
  const newest = page.getByRole('menuitem').last();
  // A document that opens by itself meanwhile moves the header: the pointer may then be released
  // beside the button, which is no click.
  await expect(async () => {
    if (await newest.isHidden())
      await page.getByRole('button', { name: /^Documents of this chat/ }).click();
    await expect(newest).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await newest.click();
  // The menu restores the focus when it closes: earlier keys would reach the wrong element.
  await expect(page.getByRole('menu')).toHaveCount(0);
}

/** Fetches the newest version of the chat's last document from the server. */
export async function fetchLatestDocument(
  chat: ChatPage,
  chatId?: string,
): Promise<DocumentDetail> {
  const { request } = chat.page;
  const id = chatId ?? (await chat.chatId());
  const list = await (await request.get(`/api/chat/${id}/documents`)).json();
  return await (await request.get(`/api/document/${list.at(-1).id}`)).json();
}

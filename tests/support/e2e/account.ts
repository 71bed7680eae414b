/** What a user does with the account menu and its dialogs. */
import { randomUUID } from 'node:crypto';
import { expect, type Locator, type Page } from '@playwright/test';

/** The password of `createAccount`. */
export const PASSWORD = 'correct horse battery';

export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

export function accountButton(page: Page, name: string): Locator {
  return page.getByRole('button', { name: `Account: ${name}`, exact: true });
}

export function dialogField(page: Page, label: string): Locator {
  return page.getByRole('dialog').getByLabel(label, { exact: true });
}

export async function chooseAccountMenuItem(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Creates an account for the guest of the page. Returns its email address. */
export async function createAccount(page: Page): Promise<string> {
  const email = newEmail();
  await chooseAccountMenuItem(page, 'Create account');
  await dialogField(page, 'Email').fill(email);
  await dialogField(page, 'Password').fill(PASSWORD);
  await page.getByRole('dialog').getByRole('button', { name: 'Create account' }).click();
  await expect(accountButton(page, email)).toBeVisible();
  return email;
}

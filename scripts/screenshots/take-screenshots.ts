import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { CHROMIUM_ARGS } from '@/tests/support/chromium-args';
import { ChatPage } from '@/tests/support/e2e/chat-page';
import { EARLIER_CHATS, EXAMPLE } from './example-model';

type ScreenshotOptions = { baseURL: string; folder: string; executablePath: string };

/** Writes `chat-light.png` and `chat-dark.png` into the folder and returns their paths. */
export async function takeScreenshots(options: ScreenshotOptions): Promise<string[]> {
  const fontFolder = await mkdtemp(path.join(tmpdir(), 'throughline-fonts-'));
  const fontConfig = path.join(fontFolder, 'fonts.conf');
  await writeFile(fontConfig, FONT_CONFIG);
  const browser = await chromium.launch({
    executablePath: options.executablePath,
    args: CHROMIUM_ARGS,
    env: { ...process.env, FONTCONFIG_FILE: fontConfig },
  });
  try {
    return await takeBoth(browser, options);
  } finally {
    await browser.close();
    await rm(fontFolder, { recursive: true, force: true });
  }
}

async function takeBoth(
  browser: Browser,
  { baseURL, folder }: ScreenshotOptions,
): Promise<string[]> {
  const page = await browser.newPage({
    baseURL,
    viewport: { width: 1280, height: 800 },
    // Sharp where the README displays it, and each file below 300 kB.
    deviceScaleFactor: 1.4,
  });
  await playExample(page);
  const files: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const file = path.join(folder, `chat-${colorScheme}.png`);
    await page.screenshot({ path: file });
    files.push(file);
  }
  return files;
}

/** Leaves the example open, with one task of the document checked by the user. */
async function playExample(page: Page): Promise<void> {
  const chat = new ChatPage(page);
  const session = page.waitForResponse('**/api/session');
  await page.goto('/');
  await session;
  await page.getByRole('button', { name: /^Model: / }).waitFor();
  for (const title of EARLIER_CHATS) {
    await chat.sendByApi({
      id: randomUUID(),
      message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text: title }] },
      parentId: null,
    });
  }
  await chat.sendMessage(EXAMPLE.userMessage);
  await chat.answer.getByRole('button', { name: 'Copy answer' }).waitFor();
  await chat.chatLink(EXAMPLE.chatTitle).waitFor();

  const panel = page.getByRole('complementary', { name: 'Document' });
  await panel.getByRole('checkbox').first().check();
  await panel.getByText('Version 2 of 2').waitFor();
  await panel.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded();
  // Away from everything that looks different under a pointer.
  await page.mouse.move(640, 720);
}

/**
 * A server without a desktop has no good system font. The first installed font of each list is used
 * instead (Debian: fonts-inter, fonts-jetbrains-mono). Chromium looks up `system-ui` as
 * `sans-serif`.
 */
const FONT_CONFIG = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  ${preferFonts('sans-serif', ['Inter', 'Noto Sans', 'Liberation Sans'])}
  ${preferFonts('monospace', ['JetBrains Mono', 'Noto Sans Mono', 'Liberation Mono'])}
</fontconfig>
`;

function preferFonts(family: string, fonts: string[]): string {
  const names = fonts.map((font) => `<string>${font}</string>`).join('');
  return `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="assign" binding="strong">${names}</edit></match>`;
}

import type { FrameLocator, Locator } from '@playwright/test';
import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { expect } from '@/tests/support/e2e/fixtures';
import { scenario } from '@/tests/support/model-server/scenario-line';

/** Page object of the document panel with a program. */
export class CodePanel {
  readonly panel: Locator;
  readonly editor: Locator;
  readonly runButton: Locator;
  readonly stopButton: Locator;
  readonly output: Locator;
  /** The content of the preview. */
  readonly preview: FrameLocator;
  /** The status of the execution. */
  readonly status: Locator;

  constructor(readonly chat: ChatPage) {
    this.panel = chat.page.getByRole('complementary', { name: /document/i });
    this.editor = this.panel.getByRole('textbox', { name: /^Code/ });
    this.runButton = this.panel.getByRole('button', { name: 'Run', exact: true });
    this.stopButton = this.panel.getByRole('button', { name: 'Stop program' });
    this.output = this.panel.getByRole('region', { name: 'Output' });
    this.preview = this.panel.frameLocator('iframe');
    this.status = this.output.getByRole('status');
  }

  /**
   * Has the model write a program, and opens it.
   * @param title its extension determines the language if none is given: "sum.py"
   */
  async createProgram(
    title: string,
    content: string,
    { language, preview = false }: { language?: string; preview?: boolean } = {},
  ): Promise<void> {
    const options = { kind: 'code', title, content, rate: 0, ...(language && { language }) };
    await this.chat.sendAndWait(`Write it ${scenario('document', options)}`);
    await this.chat.answer.getByRole('button', { name: /^Open/ }).click();
    await expect(this.panel.getByRole('heading', { name: title })).toBeVisible();
    if (!preview) await expect(this.editor).toContainText(content.split('\n')[0] as string);
  }

  /** Has the model write a program, and executes it to its end. */
  async createAndRun(title: string, content: string): Promise<void> {
    await this.createProgram(title, content);
    await this.runButton.click();
    // The first execution loads the runtime: several seconds, more on a busy machine.
    await expect(this.status).toHaveText(/^(Finished|Ended|Stopped)/, { timeout: 60_000 });
  }
}

import { demoScript } from './demo-script';
import { startOpenAiServer } from './openai-server';

export const DEMO_MODEL_ID = 'throughline-demo';

/**
 * Starts the built-in demo model on a free port of the loopback address. It is scripted and says
 * so; it is used if no endpoint is configured.
 */
export async function startDemoModel(
  options: { wordsPerSecond?: number } = {},
): Promise<{ baseUrl: string; stop(): Promise<void> }> {
  const { baseUrl, stop } = await startOpenAiServer({
    modelIds: [DEMO_MODEL_ID],
    script: demoScript(options.wordsPerSecond ?? 50),
  });
  return { baseUrl, stop };
}

import { DEMO_MODEL_ID, playDemo } from './demo-script';
import { startOpenAiServer } from './openai-server';

/**
 * Starts the built-in demo model on a free port of the loopback address. It is scripted and says so;
 * it stands in where no endpoint is configured.
 */
export async function startDemoModel(): Promise<{ baseUrl: string; stop(): Promise<void> }> {
  const { baseUrl, stop } = await startOpenAiServer({
    modelIds: [DEMO_MODEL_ID],
    script: playDemo,
  });
  return { baseUrl, stop };
}

import { readFile } from 'node:fs/promises';
import {
  type ChatCompletionRequest,
  contentText,
  lastUserText,
  toolResults,
} from '@/lib/server/models/demo/chat-completion-request';
import { type OpenAiServer, startOpenAiServer } from '@/lib/server/models/demo/openai-server';
import type { Reply } from '@/lib/server/models/demo/reply';

/** The conversation of the screenshots. Its answer and its document are the files in `example`. */
export const EXAMPLE = {
  userMessage:
    'Plan backups for our PostgreSQL server: 120 GB, one Linux machine, a NAS in the next room. Losing five minutes of data is fine, losing a day is not.',
  chatTitle: 'Backups for PostgreSQL',
  documentTitle: 'Backup plan',
};

/** Earlier chats in the sidebar, oldest first. Their answers are not in the screenshots. */
export const EARLIER_CHATS = [
  'Compare two rental contracts',
  'Regex for nginx access logs',
  'Vegetarian meals for a week',
  'Why this SQL query is slow',
  'Translate the release notes',
];

/** Starts a scripted model server that plays the example conversation. */
export async function startExampleModel(): Promise<Pick<OpenAiServer, 'baseUrl' | 'stop'>> {
  const [answer, document] = await Promise.all([readExample('answer'), readExample('document')]);
  return startOpenAiServer({
    modelIds: ['local-model'],
    script: async (reply, request) => play(reply, request, answer, document),
  });
}

function readExample(name: string): Promise<string> {
  return readFile(new URL(`./example/${name}.md`, import.meta.url), 'utf8');
}

function play(reply: Reply, request: ChatCompletionRequest, answer: string, document: string) {
  const instructions = contentText(request.messages.find(({ role }) => role === 'system'));
  const isExample = lastUserText(request).includes(EXAMPLE.userMessage);
  if (/^write a title\b/i.test(instructions)) {
    reply.text(isExample ? EXAMPLE.chatTitle : lastUserText(request));
  } else if (/^you write a document\b/i.test(instructions)) {
    reply.text(document);
  } else if (!isExample) {
    reply.text('Done.');
  } else if (toolResults(request).length > 0) {
    reply.text(answer);
  } else {
    reply.toolCall('createDocument', { title: EXAMPLE.documentTitle, kind: 'text' });
  }
  reply.finish();
}

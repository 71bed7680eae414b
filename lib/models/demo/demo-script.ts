import { type ChatRequest, hasTool, lastUserText, textOf, toolResults } from './chat-request';
import { DOCUMENT_CODE, DOCUMENT_TEXT, MENU, NOTICE, TOPICS } from './demo-topics';
import { wait } from './pace';
import type { Reply } from './reply';

export const DEMO_MODEL_ID = 'throughline-demo';

const WORDS_PER_SECOND = 50;
const DOCUMENT_WORDS_PER_SECOND = 60;
/** A short silence before the first word, as a real model has it. */
const FIRST_WORD_MS = 120;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;
const DOCUMENT = /\b(document|report|draft|letter)\b/i;

/** Plays the answer to a request: a title, the outcome of a tool call, a tool call, or a topic. */
export async function playDemo(reply: Reply, request: ChatRequest): Promise<void> {
  if (asksForTitle(request)) {
    reply.text(titleFrom(lastUserText(request)));
    return reply.finish();
  }
  await wait(FIRST_WORD_MS, reply.signal);
  const document = documentAskedFor(request);
  const results = toolResults(request);
  const question = lastUserText(request);
  if (document) await reply.paced('text', document, DOCUMENT_WORDS_PER_SECOND);
  else if (results.length > 0) await tellResult(reply, results.at(-1) ?? '');
  else if (WEATHER.test(question)) await askWeather(reply, request, question);
  else if (DOCUMENT.test(question)) await writeDocument(reply, request, question);
  else await playTopic(reply, question);
  if (!reply.signal.aborted) reply.finish();
}

function say(reply: Reply, text: string): Promise<void> {
  return reply.paced('text', text, WORDS_PER_SECOND);
}

async function playTopic(reply: Reply, question: string): Promise<void> {
  const topic = TOPICS.find(({ keywords }) => keywords.test(question));
  if (topic?.reasoning) await reply.paced('reasoning', topic.reasoning, WORDS_PER_SECOND);
  await say(reply, `${NOTICE}\n${topic?.answer ?? MENU}`);
}

async function askWeather(reply: Reply, request: ChatRequest, question: string): Promise<void> {
  const city = /\b(?:in|for|at)\s+([\p{L}][\p{L}' -]{1,40})/u.exec(question)?.[1]?.trim() ?? 'Oslo';
  await say(reply, `${NOTICE}\n`);
  if (hasTool(request, 'getWeather')) {
    await say(reply, `I ask the weather tool about ${city}.`);
    reply.toolCall('getWeather', { city });
  } else {
    await say(reply, 'No weather tool was offered with this message, so there is nothing to show.');
  }
}

async function writeDocument(reply: Reply, request: ChatRequest, question: string): Promise<void> {
  await say(reply, `${NOTICE}\n`);
  if (hasTool(request, 'createDocument')) {
    await say(reply, 'I open a document beside the chat.');
    const kind = /\b(code|program)\b/i.test(question) ? 'code' : 'text';
    const what = kind === 'code' ? 'program' : 'document';
    reply.toolCall('createDocument', { title: `A ${what} from the demo`, kind });
  } else {
    await say(reply, 'No tool for documents was offered with this message, so I cannot write one.');
  }
}

async function tellResult(reply: Reply, result: string): Promise<void> {
  const failed = /"?error"?\s*[:=]|not reachable|failed/i.test(result);
  const shown = result.length > 1_500 ? `${result.slice(0, 1_500)}…` : result;
  await say(
    reply,
    failed
      ? '\n\nThe tool could not be used: its service is not reachable from here. What it said:'
      : '\n\nThis is what the tool gave back, as a model would read it:',
  );
  await say(reply, `\n\n\`\`\`json\n${prettyJson(shown)}\n\`\`\`\n\n${NOTICE}`);
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The app's own requests behind a chat are known by how their instructions begin. */
function asksForTitle(request: ChatRequest): boolean {
  return /^write a title\b/i.test(instructionsOf(request));
}

function documentAskedFor(request: ChatRequest): string | null {
  const instructions = instructionsOf(request);
  if (/^you write a document\b/i.test(instructions)) return DOCUMENT_TEXT;
  return /^you write a program\b/i.test(instructions) ? DOCUMENT_CODE : null;
}

function instructionsOf(request: ChatRequest): string {
  return textOf(request.messages.find(({ role }) => role === 'system'));
}

/** The first few words of what the person wrote. */
export function titleFrom(question: string): string {
  const words = question
    .replace(/[\s"'`#*_<>[\]{}]+/g, ' ')
    .trim()
    .split(' ');
  const title = words.slice(0, 6).join(' ').slice(0, 60).trim();
  return title === '' ? 'A chat with the demo' : title.charAt(0).toUpperCase() + title.slice(1);
}

import { type ChatRequest, hasTool, lastUserText, textOf, toolResults } from './chat-request';
import { titleFrom } from './demo-title';
import { DOCUMENT_CODE, DOCUMENT_TEXT, MENU, NOTICE, TOPICS } from './demo-topics';
import type { Script } from './openai-server';
import { wait } from './pace';
import type { Reply } from './reply';

/** A short silence before the first word, as a real model has it. */
const FIRST_WORD_MS = 120;
const MAX_RESULT_CHARS = 1_500;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;
const DOCUMENT = /\b(document|report|draft|letter)\b/i;

type Turn = {
  reply: Reply;
  request: ChatRequest;
  question: string;
  /** Speaks or thinks at the demo's pace. */
  say: (text: string, kind?: 'text' | 'reasoning') => Promise<void>;
};

/** Answers a request: with a title, a document, the outcome of a tool call, a tool call, or a topic. */
export function demoScript(wordsPerSecond: number): Script {
  return async (reply, request) => {
    const question = lastUserText(request);
    if (asksForTitle(request)) {
      reply.text(titleFrom(question));
      reply.finish();
      return;
    }
    await wait(FIRST_WORD_MS, reply.signal);
    const say: Turn['say'] = (text, kind = 'text') => reply.paced(kind, text, wordsPerSecond);
    await answer({ reply, request, question, say });
    if (!reply.signal.aborted) reply.finish();
  };
}

function answer(turn: Turn): Promise<void> {
  const { request, question } = turn;
  const document = documentAskedFor(request);
  if (document) return turn.say(document);
  const result = toolResults(request).at(-1);
  if (result !== undefined) return tellResult(turn, result);
  if (WEATHER.test(question)) return askWeather(turn);
  return DOCUMENT.test(question) ? writeDocument(turn) : playTopic(turn);
}

async function playTopic({ question, say }: Turn): Promise<void> {
  const topic = TOPICS.find(({ keywords }) => keywords.test(question));
  if (topic?.reasoning) await say(topic.reasoning, 'reasoning');
  await say(`${NOTICE}\n${topic?.answer ?? MENU}`);
}

async function askWeather({ reply, request, question, say }: Turn): Promise<void> {
  await say(`${NOTICE}\n`);
  if (!hasTool(request, 'getWeather')) {
    return say('No weather tool was offered with this message, so there is nothing to show.');
  }
  const city = cityIn(question);
  await say(`I ask the weather tool about ${city}.`);
  reply.toolCall('getWeather', { city });
}

function cityIn(question: string): string {
  const place = /\b(?:in|for|at)\s+(\p{L}[\p{L}' -]{1,40})/u.exec(question)?.[1] ?? 'Oslo';
  return place.replace(/\s+(right now|now|today|tonight|tomorrow|please)\b.*$/i, '').trim();
}

async function writeDocument({ reply, request, question, say }: Turn): Promise<void> {
  await say(`${NOTICE}\n`);
  if (!hasTool(request, 'createDocument')) {
    return say('No tool for documents was offered with this message, so I cannot write one.');
  }
  await say('I open a document beside the chat.');
  const kind = /\b(code|program)\b/i.test(question) ? 'code' : 'text';
  const what = kind === 'code' ? 'program' : 'document';
  reply.toolCall('createDocument', { title: `A ${what} from the demo`, kind });
}

/** Says what came of the tool call, in the words that a model would find for it. */
async function tellResult({ say }: Turn, text: string): Promise<void> {
  const result = parseResult(text);
  if (typeof result.error === 'string') {
    return say(`\n\nThat did not work: ${result.error} A model would be told the same.`);
  }
  if (typeof result.temperatureCelsius === 'number') {
    return say(
      `\n\nIn ${result.city} it is ${result.temperatureCelsius} °C with ${result.conditions}, and the wind blows at ${result.windKmh} km/h.`,
    );
  }
  if (typeof result.title === 'string') {
    return say('\n\nThe document is written. Close it and open it again from its card above.');
  }
  return say(`\n\nThe tool gave this back:\n\n\`\`\`json\n${shorten(prettyJson(text))}\n\`\`\``);
}

function parseResult(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function shorten(text: string): string {
  return text.length > MAX_RESULT_CHARS ? `${text.slice(0, MAX_RESULT_CHARS)}…` : text;
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

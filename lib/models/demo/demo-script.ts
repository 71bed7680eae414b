import { type ChatRequest, hasTool, lastUserText, textOf, toolResults } from './chat-request';
import { type DemoCall, documentCall, documentOutcome, documentWriting } from './demo-documents';
import { titleFrom } from './demo-title';
import { MENU, NOTICE, TOPICS } from './demo-topics';
import type { Script } from './openai-server';
import { wait } from './pace';
import type { Reply } from './reply';

/** A short silence before the first word, as a real model has it. */
const FIRST_WORD_MS = 120;
const MAX_RESULT_CHARS = 1_500;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;

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
  const written = documentWriting(request);
  if (written !== null) return turn.say(written);
  const result = toolResults(request).at(-1);
  if (result !== undefined) return tellResult(turn, result);
  if (WEATHER.test(question)) return askWeather(turn);
  const call = documentCall(request, question);
  return call ? workOnDocument(turn, call) : playTopic(turn);
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

async function workOnDocument({ reply, request, say }: Turn, call: DemoCall): Promise<void> {
  await say(`${NOTICE}\n`);
  if (!hasTool(request, call.name)) {
    return say('No tool for documents was offered with this message, so I cannot write one.');
  }
  await say(call.say);
  reply.toolCall(call.name, call.args);
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
  const outcome = documentOutcome(result);
  if (outcome) return say(`\n\n${outcome}`);
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
  return /^write a title\b/i.test(textOf(request.messages.find(({ role }) => role === 'system')));
}

import { type ChatRequest, hasTool, lastUserText, textOf, toolResults } from './chat-request';
import { continuationOf, withoutSaid } from './demo-continuation';
import {
  type DemoCall,
  documentCall,
  documentOutcome,
  documentWriting,
  WRITE_REST,
} from './demo-documents';
import { titleFrom } from './demo-title';
import { MENU, NOTICE, TOPICS } from './demo-topics';
import type { Script } from './openai-server';
import { wait } from './pace';

/** A short silence before the first word, as a real model has it. */
const FIRST_WORD_MS = 120;
const MAX_RESULT_CHARS = 1_500;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;

/** A piece of an answer: words, or a call of a tool. */
export type Piece =
  | { kind: 'text' | 'reasoning'; text: string }
  | { kind: 'call'; name: string; args: object };

/** Answers a request at a reader's pace. The same request gets the same answer each time. */
export function demoScript(wordsPerSecond: number): Script {
  return async (reply, request) => {
    if (asksForTitle(request)) {
      reply.text(titleFrom(lastUserText(request)));
      reply.finish();
      return;
    }
    await wait(FIRST_WORD_MS, reply.signal);
    for (const piece of answerTo(request)) {
      if (piece.kind !== 'call') await reply.paced(piece.kind, piece.text, wordsPerSecond);
      else if (!reply.signal.aborted) reply.toolCall(piece.name, piece.args);
    }
    if (!reply.signal.aborted) reply.finish();
  };
}

/** What the request gets: a document, the outcome of a tool call, a tool call, or a topic. */
export function answerTo(request: ChatRequest): Piece[] {
  const continued = continuationOf(request);
  const isBehindResult = request.messages.at(-1)?.role === 'tool' || continued?.said === '';
  const rest = isBehindResult ? restOfDocument(continued?.request ?? request) : null;
  if (rest) return [rest];
  if (continued) return withoutSaid(answerTo(continued.request), continued.said);
  const written = documentWriting(request);
  if (written !== null) return say(written);
  const result = toolResults(request).at(-1);
  if (result !== undefined) return say(outcomeOf(result));
  const question = lastUserText(request);
  if (WEATHER.test(question)) return askWeather(request, question);
  const call = documentCall(request, question);
  return call ? workOnDocument(request, call) : playTopic(question);
}

/** Said of a document whose answer ended while writing it: only its continuation reads that (lib/runs/fold-run.ts). */
const LEFT = /^The writing was (?:stopped|interrupted)\b/;

/** Continues the document that an answer was writing when it ended; null where there is none. */
function restOfDocument(request: ChatRequest): Piece | null {
  const { error, id } = parseResult(toolResults(request).at(-1) ?? '');
  if (typeof error !== 'string' || !LEFT.test(error) || typeof id !== 'string') return null;
  if (!hasTool(request, 'updateDocument')) return null;
  return { kind: 'call', name: 'updateDocument', args: { id, instructions: WRITE_REST } };
}

const say = (text: string): Piece[] => [{ kind: 'text', text }];

function playTopic(question: string): Piece[] {
  const topic = TOPICS.find(({ keywords }) => keywords.test(question));
  const answer = say(`${NOTICE}\n${topic?.answer ?? MENU}`);
  return topic?.reasoning ? [{ kind: 'reasoning', text: topic.reasoning }, ...answer] : answer;
}

function askWeather(request: ChatRequest, question: string): Piece[] {
  if (!hasTool(request, 'getWeather')) {
    return say(
      `${NOTICE}\nNo weather tool was offered with this message, so there is nothing to show.`,
    );
  }
  const city = cityIn(question);
  const call: Piece = { kind: 'call', name: 'getWeather', args: { city } };
  return [...say(`${NOTICE}\nAsking the weather tool about ${city}.`), call];
}

function cityIn(question: string): string {
  const place = /\b(?:in|for|at)\s+(\p{L}[\p{L}' -]{1,40})/u.exec(question)?.[1] ?? 'Oslo';
  return place.replace(/\s+(right now|now|today|tonight|tomorrow|please)\b.*$/i, '').trim();
}

function workOnDocument(request: ChatRequest, { say: words, name, args }: DemoCall): Piece[] {
  if (!hasTool(request, name)) {
    return say(
      `${NOTICE}\nNo tool for documents was offered with this message, so nothing can be written.`,
    );
  }
  return [...say(`${NOTICE}\n${words}`), { kind: 'call', name, args }];
}

/** What is said of a tool's result, in the words that a model would find for it. */
function outcomeOf(text: string): string {
  const result = parseResult(text);
  if (typeof result.error === 'string') {
    return `\n\nThat did not work: ${result.error} A model would be told the same.`;
  }
  if (typeof result.temperatureCelsius === 'number') {
    return `\n\nIn ${result.city} it is ${result.temperatureCelsius} °C with ${result.conditions}, and the wind blows at ${result.windKmh} km/h.`;
  }
  const outcome = documentOutcome(result);
  if (outcome) return `\n\n${outcome}`;
  return `\n\nThe tool gave this back:\n\n\`\`\`json\n${shorten(prettyJson(text))}\n\`\`\``;
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

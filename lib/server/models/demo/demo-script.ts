import {
  type ChatCompletionRequest,
  contentText,
  hasTool,
  lastUserText,
  toolResults,
} from './chat-completion-request';
import { parseContinuation, remainingParts } from './demo-continuation';
import {
  CONTINUE_INSTRUCTIONS,
  type DemoCall,
  describeDocumentResult,
  documentCall,
  scriptedDocument,
} from './demo-documents';
import { demoTitle } from './demo-title';
import { DEMO_NOTICE, TOPIC_MENU, TOPICS } from './demo-topics';
import type { Script } from './openai-server';
import { waitOrAbort } from './play-at-rate';

/** A short silence before the first word, as a real model has it. */
const FIRST_TOKEN_DELAY_MS = 120;
const MAX_RESULT_CHARS = 1_500;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;

/** A piece of an answer: words, or a call of a tool. */
export type ScriptPart =
  | { kind: 'text' | 'reasoning'; text: string }
  | { kind: 'call'; name: string; args: object };

/** Answers a request at a reader's pace. The same request gets the same answer each time. */
export function demoScript(wordsPerSecond: number): Script {
  return async (reply, request) => {
    if (isTitleRequest(request)) {
      reply.text(demoTitle(lastUserText(request)));
      reply.finish();
      return;
    }
    await waitOrAbort(FIRST_TOKEN_DELAY_MS, reply.signal);
    for (const part of scriptedAnswer(request)) {
      if (part.kind !== 'call') await reply.streamWords(part.kind, part.text, wordsPerSecond);
      else if (!reply.signal.aborted) reply.toolCall(part.name, part.args);
    }
    if (!reply.signal.aborted) reply.finish();
  };
}

/** What the request gets: a document, the outcome of a tool call, a tool call, or a topic. */
export function scriptedAnswer(request: ChatCompletionRequest): ScriptPart[] {
  const continuation = parseContinuation(request);
  const isBehindResult =
    request.messages.at(-1)?.role === 'tool' || continuation?.existingText === '';
  const rest = isBehindResult ? continueDocument(continuation?.request ?? request) : null;
  if (rest) return [rest];
  if (continuation)
    return remainingParts(scriptedAnswer(continuation.request), continuation.existingText);
  const document = scriptedDocument(request);
  if (document !== null) return textPart(document);
  const result = toolResults(request).at(-1);
  if (result !== undefined) return textPart(describeResult(result));
  const question = lastUserText(request);
  if (WEATHER.test(question)) return weatherAnswer(request, question);
  const call = documentCall(request, question);
  return call ? documentAnswer(request, call) : topicAnswer(question);
}

/** Said of a document whose answer ended while writing it: only its continuation reads that (lib/server/runs/fold-run.ts). */
const LEFT = /^The writing was (?:stopped|interrupted)\b/;

/** Continues the document that an answer was writing when it ended; null where there is none. */
function continueDocument(request: ChatCompletionRequest): ScriptPart | null {
  const { error, id } = parseResult(toolResults(request).at(-1) ?? '');
  if (typeof error !== 'string' || !LEFT.test(error) || typeof id !== 'string') return null;
  if (!hasTool(request, 'updateDocument')) return null;
  return {
    kind: 'call',
    name: 'updateDocument',
    args: { id, instructions: CONTINUE_INSTRUCTIONS },
  };
}

const textPart = (text: string): ScriptPart[] => [{ kind: 'text', text }];

function topicAnswer(question: string): ScriptPart[] {
  const topic = TOPICS.find(({ keywords }) => keywords.test(question));
  const answer = textPart(`${DEMO_NOTICE}\n${topic?.answer ?? TOPIC_MENU}`);
  return topic?.reasoning ? [{ kind: 'reasoning', text: topic.reasoning }, ...answer] : answer;
}

function weatherAnswer(request: ChatCompletionRequest, question: string): ScriptPart[] {
  if (!hasTool(request, 'getWeather')) {
    return textPart(
      `${DEMO_NOTICE}\nNo weather tool was offered with this message, so there is nothing to show.`,
    );
  }
  const city = extractCity(question);
  const call: ScriptPart = { kind: 'call', name: 'getWeather', args: { city } };
  return [...textPart(`${DEMO_NOTICE}\nAsking the weather tool about ${city}.`), call];
}

function extractCity(question: string): string {
  const city = /\b(?:in|for|at)\s+(\p{L}[\p{L}' -]{1,40})/u.exec(question)?.[1] ?? 'Oslo';
  return city.replace(/\s+(right now|now|today|tonight|tomorrow|please)\b.*$/i, '').trim();
}

function documentAnswer(
  request: ChatCompletionRequest,
  { intro, name, args }: DemoCall,
): ScriptPart[] {
  if (!hasTool(request, name)) {
    return textPart(
      `${DEMO_NOTICE}\nNo tool for documents was offered with this message, so nothing can be written.`,
    );
  }
  return [...textPart(`${DEMO_NOTICE}\n${intro}`), { kind: 'call', name, args }];
}

/** What is said of a tool's result, in the words that a model would find for it. */
function describeResult(text: string): string {
  const result = parseResult(text);
  if (typeof result.error === 'string') {
    return `\n\nThat did not work: ${result.error} A model would be told the same.`;
  }
  if (typeof result.temperatureCelsius === 'number') {
    return `\n\nIn ${result.city} it is ${result.temperatureCelsius} °C with ${result.conditions}, and the wind blows at ${result.windKmh} km/h.`;
  }
  const outcome = describeDocumentResult(result);
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
function isTitleRequest(request: ChatCompletionRequest): boolean {
  return /^write a title\b/i.test(
    contentText(request.messages.find(({ role }) => role === 'system')),
  );
}

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
import type { ScriptPart } from './script-part';

/** Delay before the first token, as with a real model. */
const FIRST_TOKEN_DELAY_MS = 120;
const MAX_RESULT_CHARS = 1_500;

const WEATHER = /\b(weather|forecast|temperature|rain(ing)?)\b/i;

/** Returns a script that answers at `wordsPerSecond`. Equal requests get equal answers. */
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

/** Returns the answer: a document, the description of a tool result, a tool call, or a topic. */
export function scriptedAnswer(request: ChatCompletionRequest): ScriptPart[] {
  const continuation = parseContinuation(request);
  const followsToolResult =
    request.messages.at(-1)?.role === 'tool' || continuation?.existingText === '';
  const unfinishedCall = followsToolResult
    ? continueDocument(continuation?.request ?? request)
    : null;
  if (unfinishedCall) return [unfinishedCall];
  if (continuation)
    return remainingParts(scriptedAnswer(continuation.request), continuation.existingText);
  const document = scriptedDocument(request);
  if (document !== null) return textPart(document);
  const result = toolResults(request).at(-1);
  if (result !== undefined) return textPart(describeResult(result));
  const userText = lastUserText(request);
  if (WEATHER.test(userText)) return weatherAnswer(request, userText);
  const call = documentCall(request, userText);
  return call ? documentAnswer(request, call) : topicAnswer(userText);
}

/**
 * Result of a document tool whose answer ended during the write. Only a continuation reads it
 * (lib/server/runs/fold-run.ts).
 */
const UNFINISHED_WRITE = /^The writing was (?:stopped|interrupted)\b/;

/** Continues the document that an answer was writing when it ended; null if there is none. */
function continueDocument(request: ChatCompletionRequest): ScriptPart | null {
  const { error, id } = parseResult(toolResults(request).at(-1) ?? '');
  if (typeof error !== 'string' || !UNFINISHED_WRITE.test(error) || typeof id !== 'string')
    return null;
  if (!hasTool(request, 'updateDocument')) return null;
  return {
    kind: 'call',
    name: 'updateDocument',
    args: { id, instructions: CONTINUE_INSTRUCTIONS },
  };
}

const textPart = (text: string): ScriptPart[] => [{ kind: 'text', text }];

function topicAnswer(userText: string): ScriptPart[] {
  const topic = TOPICS.find(({ keywords }) => keywords.test(userText));
  const answer = textPart(`${DEMO_NOTICE}\n${topic?.answer ?? TOPIC_MENU}`);
  return topic?.reasoning ? [{ kind: 'reasoning', text: topic.reasoning }, ...answer] : answer;
}

function weatherAnswer(request: ChatCompletionRequest, userText: string): ScriptPart[] {
  if (!hasTool(request, 'getWeather')) {
    return textPart(
      `${DEMO_NOTICE}\nThis message was sent without a weather tool, so there is nothing to show.`,
    );
  }
  const city = extractCity(userText);
  const call: ScriptPart = { kind: 'call', name: 'getWeather', args: { city } };
  return [...textPart(`${DEMO_NOTICE}\nAsking the weather tool about ${city}.`), call];
}

function extractCity(userText: string): string {
  const city = /\b(?:in|for|at)\s+(\p{L}[\p{L}' -]{1,40})/u.exec(userText)?.[1] ?? 'Oslo';
  return city.replace(/\s+(right now|now|today|tonight|tomorrow|please)\b.*$/i, '').trim();
}

function documentAnswer(
  request: ChatCompletionRequest,
  { intro, name, args }: DemoCall,
): ScriptPart[] {
  if (!hasTool(request, name)) {
    return textPart(
      `${DEMO_NOTICE}\nThis message was sent without document tools, so nothing can be written.`,
    );
  }
  return [...textPart(`${DEMO_NOTICE}\n${intro}`), { kind: 'call', name, args }];
}

/** Describes a tool result, as a model would. */
function describeResult(text: string): string {
  const result = parseResult(text);
  if (typeof result.error === 'string') {
    return `\n\nThe call failed: ${result.error} A model would get the same error.`;
  }
  if (typeof result.temperatureCelsius === 'number') {
    return `\n\nIn ${result.city} it is ${result.temperatureCelsius} °C with ${result.conditions}, and the wind blows at ${result.windKmh} km/h.`;
  }
  const outcome = describeDocumentResult(result);
  if (outcome) return `\n\n${outcome}`;
  return `\n\nThe tool returned this result:\n\n\`\`\`json\n${shorten(prettyJson(text))}\n\`\`\``;
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

/** Recognizes the app's title request by the beginning of its instructions. */
function isTitleRequest(request: ChatCompletionRequest): boolean {
  return /^write a title\b/i.test(
    contentText(request.messages.find(({ role }) => role === 'system')),
  );
}

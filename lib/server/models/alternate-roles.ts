/**
 * Makes user and assistant messages alternate. Chat templates of Gemma, Mistral and others reject
 * two messages of one role in a row, a user message after a tool result, and an empty message. A
 * failed or stopped turn leaves exactly these. Adjacent messages are merged; no text is invented
 * for the model.
 */
import type { LanguageModelV1Middleware } from 'ai';
import {
  hasTextOrCalls,
  type Prompt,
  type PromptMessage,
  toolResultsAsText,
  userMessage,
  withoutToolCalls,
} from './prompt-text';

export const alternateRolesMiddleware: LanguageModelV1Middleware = {
  transformParams: async ({ params }) => ({ ...params, prompt: alternateRoles(params.prompt) }),
};

/** Returns the prompt with alternating roles and with tool names that every endpoint accepts. */
export function alternateRoles(prompt: Prompt): Prompt {
  const turns: Prompt = [];
  for (const [index, message] of prompt.entries()) {
    if (message.role === 'assistant') {
      // An empty last message may be the one that the endpoint continues.
      if (index < prompt.length - 1 && !hasTextOrCalls(message.content)) continue;
      addTurn(turns, { ...message, content: message.content.map(withValidName) });
      continue;
    }
    if (message.role === 'user') endToolRounds(turns);
    addTurn(turns, message);
  }
  return turns;
}

/** Turns tool calls that no answer followed into text before the next user message. */
function endToolRounds(turns: Prompt): void {
  const results: string[] = [];
  for (let last = turns.at(-1); last?.role === 'tool'; last = turns.at(-1)) {
    turns.pop();
    results.unshift(toolResultsAsText(last));
    const caller = turns.at(-1);
    if (caller?.role !== 'assistant') continue;
    turns.pop();
    const remainder = withoutToolCalls(caller);
    if (remainder) turns.push(remainder);
  }
  if (results.length > 0) addTurn(turns, userMessage(results.join('\n')));
}

function addTurn(turns: Prompt, message: PromptMessage): void {
  const last = turns.at(-1);
  const merged = last && merge(last, message);
  if (merged) turns[turns.length - 1] = merged;
  else turns.push(message);
}

/** Merges two adjacent messages; null if their roles differ or they hold tool calls or results. */
function merge(first: PromptMessage, second: PromptMessage): PromptMessage | null {
  if (first.role === 'system' && second.role === 'system') {
    return { ...first, content: `${first.content}\n\n${second.content}` };
  }
  if (first.role === 'user' && second.role === 'user') {
    return { ...first, content: joinTexts([...first.content, ...second.content]) };
  }
  if (first.role === 'assistant' && second.role === 'assistant') {
    if (first.content.some(({ type }) => type === 'tool-call')) return null;
    return { ...first, content: joinTexts([...first.content, ...second.content]) };
  }
  return null;
}

/** Joins adjacent texts with a blank line between: some endpoints accept only one text part. */
function joinTexts<Part extends { type: string }>(parts: Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (isText(last) && isText(part)) {
      joined[joined.length - 1] = { ...last, text: `${last.text}\n\n${part.text}` };
    } else {
      joined.push(part);
    }
  }
  return joined;
}

function isText<Part extends { type: string }>(
  part: Part | undefined,
): part is Part & { type: 'text'; text: string } {
  return part?.type === 'text';
}

/** Endpoints reject other tool names, and would do so on every later request of the chat. */
function withValidName<Part extends { type: string }>(part: Part): Part {
  if (part.type !== 'tool-call') return part;
  const { toolName } = part as Part & { toolName: string };
  return { ...part, toolName: toolName.replace(/[^\w-]/g, '_').slice(0, 64) || 'unknown' };
}

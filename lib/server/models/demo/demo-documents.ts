/** Document tools of the built-in demo model. It handles no documents but its own. */
import { type ChatCompletionRequest, contentText } from './chat-completion-request';
import { LIST, PAGE, PLOT, PROGRAM, SUGGESTIONS, TABLE, TEXT } from './demo-contents';

type DemoDocument = {
  keywords: RegExp;
  title: string;
  kind: string;
  language?: string;
  content: string;
};

/** The document is the first one whose keywords match the message. */
const DEMOS: DemoDocument[] = [
  {
    keywords: /\b(packing|hiking|check ?list)\b/i,
    title: 'Packing list: a week of hiking',
    kind: 'text',
    content: LIST,
  },
  {
    keywords: /\b(plot|chart|diagram|data ?set)\b/i,
    title: 'A chart from the demo',
    kind: 'code',
    language: 'python',
    content: PLOT,
  },
  {
    keywords: /\b(spreadsheets?|sheets?|csv)\b/i,
    title: 'A table from the demo',
    kind: 'sheet',
    content: TABLE,
  },
  {
    keywords: /\b(web ?page|html)\b|\b(write|make|create|build|design)\b.*\bpage\b/i,
    title: 'A page from the demo',
    kind: 'code',
    language: 'html',
    content: PAGE,
  },
  {
    keywords: /\b(write|make|create|document)\b[\s\S]*\b(code|program|script)\b/i,
    title: 'A program from the demo',
    kind: 'code',
    language: 'python',
    content: PROGRAM,
  },
  {
    keywords: /\b(document|report|draft|letter)\b/i,
    title: 'A document from the demo',
    kind: 'text',
    content: TEXT,
  },
];

/** A tool call, and the text before it. */
export type DemoCall = { intro: string; name: string; args: object };

/** Instructions that request the rest of a truncated document. */
export const CONTINUE_INSTRUCTIONS = 'Write the rest of it.';

const CHANGE_PATTERN = /\b(shorter|shorten|cut it|update|change it|rewrite)\b/i;
const SUGGEST_PATTERN = /\b(suggest(ions?)?|feedback|improve(ments)?)\b/i;

/** Returns the tool call that a user message requests for documents; null if it requests none. */
export function documentCall(request: ChatCompletionRequest, userText: string): DemoCall | null {
  const id = findLastDocumentId(request);
  if (id && SUGGEST_PATTERN.test(userText)) {
    return { intro: 'Looking for changes to suggest.', name: 'requestSuggestions', args: { id } };
  }
  if (id && CHANGE_PATTERN.test(userText)) {
    const args = { id, instructions: 'Make it shorter.' };
    return { intro: 'Writing a shorter version of the document.', name: 'updateDocument', args };
  }
  const demo = DEMOS.find(({ keywords }) => keywords.test(userText));
  if (!demo) return null;
  const { title, kind, language } = demo;
  const args = { title, kind, ...(language && { language }) };
  return { intro: 'Opening a document next to the chat.', name: 'createDocument', args };
}

/** The id of the document in the latest tool result that names one. */
function findLastDocumentId(request: ChatCompletionRequest): string | undefined {
  for (const message of request.messages.toReversed()) {
    const id =
      message.role === 'tool' ? /"id\\?":\\?"([\w-]+)/.exec(contentText(message))?.[1] : undefined;
    if (id) return id;
  }
  return undefined;
}

/**
 * Answers the requests that the app's document tools send, recognized by the beginning of their
 * instructions: returns a document, or changes to one. Null for any other request.
 */
export function scriptedDocument(request: ChatCompletionRequest): string | null {
  const instructions = contentText(request.messages.find(({ role }) => role === 'system'));
  const prompt = contentText(request.messages.findLast(({ role }) => role === 'user'));
  const currentContent = /<document>\n([\s\S]*)\n<\/document>/.exec(prompt)?.[1];
  if (/^you propose changes\b/i.test(instructions)) return suggestionsFor(currentContent ?? '');
  const kind = /^you write a (document|program|table)\b/i.exec(instructions)?.[1]?.toLowerCase();
  if (!kind) return null;
  if (currentContent !== undefined && !prompt.includes(CONTINUE_INSTRUCTIONS))
    return shorten(currentContent, kind);
  const demo = DEMOS.find(({ title }) => prompt.includes(`“${title}”`));
  const fallback = { document: TEXT, program: PROGRAM, table: TABLE }[kind];
  const fullContent = demo?.content ?? fallback ?? null;
  // A document that the user has edited stays as it is.
  return currentContent === undefined || fullContent?.startsWith(currentContent.trimEnd())
    ? fullContent
    : currentContent;
}

/** The first half: a script cannot summarize. */
function shorten(content: string, kind: string): string {
  const separator = kind === 'document' ? '\n\n' : '\n';
  const blocks = content.trimEnd().split(separator);
  const half = blocks.slice(0, Math.max(1, Math.ceil(blocks.length / 2))).join(separator);
  return kind === 'document' ? `${half}\n\n*The demo left out the second half.*\n` : `${half}\n`;
}

function suggestionsFor(content: string): string {
  return SUGGESTIONS.filter(({ original }) => content.includes(original))
    .map((suggestion) => `${JSON.stringify(suggestion)}\n`)
    .join('');
}

/** Describes a tool result about a document; null if it is about something else. */
export function describeDocumentResult({
  title,
  kind,
  version,
  content,
}: Record<string, unknown>): string | null {
  if (typeof title !== 'string') return null;
  if (/^No change/.test(String(content))) {
    return 'There is nothing to suggest: the script knows only its own texts.';
  }
  if (/ proposed\b/.test(String(content))) {
    return 'Suggestions are marked in the document. Apply or dismiss each one.';
  }
  if (typeof version === 'number' && version > 1) {
    return 'The document has a new version. Step through its versions in the panel, or restore an older one.';
  }
  if (kind === 'code')
    return 'The program is written. Press **Run** to see what it does, or edit it yourself.';
  if (kind !== 'text') return 'It is written. Edit it yourself, or say **make it shorter**.';
  return 'The document is written. Edit it yourself, or say **make it shorter** or **suggest changes**.';
}

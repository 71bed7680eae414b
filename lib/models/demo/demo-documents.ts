/** What the built-in demo model does with documents beside the chat. It works on no other than its own. */
import { type ChatRequest, textOf } from './chat-request';
import { LIST, PAGE, PLOT, PROGRAM, SUGGESTIONS, TABLE, TEXT } from './demo-contents';

type Demo = { keywords: RegExp; title: string; kind: string; language?: string; content: string };

/** The first whose keywords are in the message is written. */
const DEMOS: Demo[] = [
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

/** A call of a tool, and what is said before. */
export type DemoCall = { say: string; name: string; args: object };

/** The instructions by which a document that was cut short is written to its end. */
export const WRITE_REST = 'Write the rest of it.';

const SHORTER = /\b(shorter|shorten|cut it|update|change it|rewrite)\b/i;
const SUGGEST = /\b(suggest(ions?)?|feedback|improve(ments)?)\b/i;

/** What a message asks to be done with documents, or null where it asks for something else. */
export function documentCall(request: ChatRequest, question: string): DemoCall | null {
  const id = lastDocument(request);
  if (id && SUGGEST.test(question)) {
    return { say: 'Looking for changes to suggest.', name: 'requestSuggestions', args: { id } };
  }
  if (id && SHORTER.test(question)) {
    const args = { id, instructions: 'Make it shorter.' };
    return { say: 'Writing a shorter version of the document.', name: 'updateDocument', args };
  }
  const demo = DEMOS.find(({ keywords }) => keywords.test(question));
  if (!demo) return null;
  const { title, kind, language } = demo;
  const args = { title, kind, ...(language && { language }) };
  return { say: 'Opening a document next to the chat.', name: 'createDocument', args };
}

/** The document that the conversation worked on last, told from the results of tools. */
function lastDocument(request: ChatRequest): string | undefined {
  for (const message of request.messages.toReversed()) {
    const id =
      message.role === 'tool' ? /"id\\?":\\?"([\w-]+)/.exec(textOf(message))?.[1] : undefined;
    if (id) return id;
  }
  return undefined;
}

/**
 * What the app's own requests behind a tool get, known by how their instructions begin: a document, or
 * changes to one. Null where the request is none of them.
 */
export function documentWriting(request: ChatRequest): string | null {
  const instructions = textOf(request.messages.find(({ role }) => role === 'system'));
  const prompt = textOf(request.messages.findLast(({ role }) => role === 'user'));
  const given = /<document>\n([\s\S]*)\n<\/document>/.exec(prompt)?.[1];
  if (/^you propose changes\b/i.test(instructions)) return suggestionsFor(given ?? '');
  const kind = /^you write a (document|program|table)\b/i.exec(instructions)?.[1]?.toLowerCase();
  if (!kind) return null;
  if (given !== undefined && !prompt.includes(WRITE_REST)) return shortened(given, kind);
  const written = DEMOS.find(({ title }) => prompt.includes(`“${title}”`));
  const fallback = { document: TEXT, program: PROGRAM, table: TABLE }[kind];
  const whole = written?.content ?? fallback ?? null;
  // What a user has changed meanwhile stays as it is.
  return given === undefined || whole?.startsWith(given.trimEnd()) ? whole : given;
}

/** Half of it: what a script can do without understanding a word. */
function shortened(content: string, kind: string): string {
  const between = kind === 'document' ? '\n\n' : '\n';
  const pieces = content.trimEnd().split(between);
  const half = pieces.slice(0, Math.max(1, Math.ceil(pieces.length / 2))).join(between);
  return kind === 'document' ? `${half}\n\n*The demo left out the second half.*\n` : `${half}\n`;
}

function suggestionsFor(content: string): string {
  return SUGGESTIONS.filter(({ original }) => content.includes(original))
    .map((suggestion) => `${JSON.stringify(suggestion)}\n`)
    .join('');
}

/** What is said of a tool's result about a document; null where it is about something else. */
export function documentOutcome({
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

/** What the built-in demo model does with documents beside the chat. It works on no other than its own. */
import { type ChatRequest, textOf } from './chat-request';

const TEXT = `# A document from the demo

*No model is connected: this text is part of a script.*

## What a document is for

Some answers are worth keeping: a letter, a plan, a report. They are written beside the chat, so that they can be read, copied and worked on while the conversation goes on.

## What happens while it is written

1. The model calls a tool with a title.
2. The server asks the model for the text and passes it on as it comes.
3. What was shown is saved, even if the writing is stopped in the middle.

## What a real model adds

With \`OPENAI_BASE_URL\` set, the text is about what you asked for.
`;

const PROGRAM = `# A program from the demo: no model is connected, this is part of a script.


def collatz(number: int) -> list[int]:
    """The steps from a number down to 1: halve what is even, else triple it and add one."""
    steps = [number]
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps.append(number)
    return steps


print(collatz(27))
`;

const TABLE = `planet,day in hours,year in days,moons
Mercury,4222.6,88.0,0
Venus,2802.0,224.7,0
Earth,24.0,365.2,1
Mars,24.7,687.0,2
Jupiter,9.9,4331,95
Saturn,10.7,10747,146
Uranus,17.2,30589,28
Neptune,16.1,59800,16
`;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A page from the demo</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 30rem; }
      svg { width: 100%; height: auto; }
    </style>
  </head>
  <body>
    <h1>A page from the demo</h1>
    <p>No model is connected: this page is part of a script.</p>
    <svg viewBox="0 0 300 120" role="img" aria-label="Three circles, each larger than the one before">
      <circle cx="40" cy="60" r="15" fill="#94a3b8" />
      <circle cx="120" cy="60" r="30" fill="#64748b" />
      <circle cx="230" cy="60" r="45" fill="#334155" />
    </svg>
  </body>
</html>
`;

type Demo = { keywords: RegExp; title: string; kind: string; language?: string; content: string };

/** The first whose keywords are in the message is written. */
const DEMOS: Demo[] = [
  {
    keywords: /\b(spreadsheets?|sheets?|csv)\b/i,
    title: 'A table from the demo',
    kind: 'sheet',
    content: TABLE,
  },
  {
    keywords: /\b(web ?page|html|page)\b/i,
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

const SHORTER = /\b(shorter|shorten|cut it|update|change it|rewrite)\b/i;
const SUGGEST = /\b(suggest(ions?)?|feedback|improve(ments)?)\b/i;

/** What a message asks to be done with documents, or null where it asks for something else. */
export function documentCall(request: ChatRequest, question: string): DemoCall | null {
  const id = lastDocument(request);
  if (id && SUGGEST.test(question)) {
    return { say: 'I look for changes to suggest.', name: 'requestSuggestions', args: { id } };
  }
  if (id && SHORTER.test(question)) {
    const args = { id, instructions: 'Make it shorter.' };
    return { say: 'I write the document anew, shorter.', name: 'updateDocument', args };
  }
  const demo = DEMOS.find(({ keywords }) => keywords.test(question));
  if (!demo) return null;
  const { title, kind, language } = demo;
  const args = { title, kind, ...(language && { language }) };
  return { say: 'I open a document beside the chat.', name: 'createDocument', args };
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
  if (given !== undefined) return shortened(given, kind);
  const written = DEMOS.filter((demo) => prompt.endsWith(`“${demo.title}”`));
  const fallback = { document: TEXT, program: PROGRAM, table: TABLE }[kind];
  return written[0]?.content ?? fallback ?? null;
}

/** Half of it: what a script can do without understanding a word. */
function shortened(content: string, kind: string): string {
  const between = kind === 'document' ? '\n\n' : '\n';
  const pieces = content.trimEnd().split(between);
  const half = pieces.slice(0, Math.max(1, Math.ceil(pieces.length / 2))).join(between);
  return kind === 'document' ? `${half}\n\n*The demo left out the second half.*\n` : `${half}\n`;
}

const SUGGESTIONS = [
  {
    original: 'Some answers are worth keeping: a letter, a plan, a report.',
    suggested: 'A letter, a plan or a report is worth keeping.',
    description: 'Say it in one breath (part of the script)',
  },
  {
    original: 'The model calls a tool with a title.',
    suggested: 'The model calls a tool and gives it a title.',
    description: 'Clearer (part of the script)',
  },
  {
    original: 'the text is about what you asked for',
    suggested: 'the text is about your question',
    description: 'Shorter (part of the script)',
  },
];

function suggestionsFor(content: string): string {
  return SUGGESTIONS.filter(({ original }) => content.includes(original))
    .map((suggestion) => `${JSON.stringify(suggestion)}\n`)
    .join('');
}

/** What is said of a tool's result about a document; null where it is about something else. */
export function documentOutcome({
  title,
  version,
  content,
}: Record<string, unknown>): string | null {
  if (typeof title !== 'string') return null;
  if (/^No change/.test(String(content))) {
    return 'There is nothing that I could suggest: I know only my own text.';
  }
  if (/ proposed\b/.test(String(content))) {
    return 'The suggestions stand at their places in the document: take or dismiss each.';
  }
  if (typeof version === 'number' && version > 1) {
    return 'The document has one more version. Step through them in its panel, or take the older one back.';
  }
  return 'The document is written. Change it yourself, or say **make it shorter** or **suggest changes**.';
}

/** What a model gave as a title, without what models like to put around one. Pure. */

const MAX_CHARS = 80;
/**
 * Characters of what a model gave, and of a line of it: a title with all that is put around one is
 * shorter. What looks for it takes a time that grows with the square of them, or faster.
 */
const MAX_RESPONSE_CHARS = 4_000;
const MAX_LINE_CHARS = 400;
/** A title has no more words; what has is a sentence about something else. */
const MAX_WORDS = 16;

const FENCE = /^\s*(```|~~~)/;
/** The word for "title" in the languages that models answer in, and the sign behind it. */
const LABEL =
  /^(?:(?:(?:chat|conversation|suggested|possible|short|concise|new|final|my|your|the) )?(?:titles?|titel|titre|t[íi]tulo|titolo|titul|tytuł|otsikko|tittel|başlık|cím|titlu|subject|topic|name|answer|Заголовок|Название|Назва|Τίτλος|标题|標題|題名|タイトル|件名|제목|शीर्षक|عنوان|العنوان|כותרת)(?: (?:suggestion|option))?)(?: ?\d+)?(?:\s*[:：=]\s*|\s+[–—-]+\s+)/iu;
/** A sentence that only announces a title, up to its colon: what follows is one. */
const ANNOUNCEMENT =
  /^(?:(?:sure|certainly|of course|absolutely|okay|ok|great|here|gerne|natürlich|klar|hier|voici|aquí|ecco|the|a|an|my|this|one|i|das|der|ein|le|un|el|il)\b[^:：]*\b(?:titles?|titel|titre|t[íi]tulo|titolo)\b[^:：]*|(?:sure|certainly|of course|absolutely|okay|ok|here you go|here it is|gerne|natürlich|klar|voici)[\s!,.]*)[:：]\s*/iu;
/** A word of consent before the title. */
const ACKNOWLEDGEMENT =
  /^(?:sure|certainly|of course|absolutely|gerne|natürlich|klar)(?: thing)?!\s+(?=\S)/iu;
/** A line that is no more than a label. */
const LABEL_ALONE = /^(?:(?:chat|conversation|suggested|possible|your) titles?|titles?|options)$/iu;
/** What a model that thinks aloud begins with. */
const REASONING_START =
  /^(?:(?:okay|ok|alright|hmm+|well|so|first|now|wait|right),? (?:so |then )?(?:the|this|let|i|we|they|user)\b|let me\b|let's\b|(?:the|this) (?:user|person|message|conversation|request|prompt)(?:'s)? (?:is|was|wants?|asks?|asked|asking|needs?|says|said|seems|has|just|message|question|begins|starts|only)\b|we (?:need|have|should|must|are)\b|i (?:need|have|should|must|am|will|think|can|'ll)\b|i'(?:ll|m|ve)\b|need to\b|thinking\b|analysis\b|der (?:nutzer|benutzer)\b|l'utilisateur\b|el usuario\b|用户|ユーザー)/iu;
const NOT_A_TITLE =
  /^(?:n\/?a|none|null|undefined|untitled|no title|title|titel|here|sure|json|text|markdown|i(?:'m| am) sorry\b.*|i can(?:'|no)t\b.*|sorry\b.*|as an ai\b.*)$/iu;

/** The title in it; '' where it holds none. */
export function extractTitle(text: string): string {
  // What is longer is no title, but one may stand behind a long thinking.
  if (text.length > MAX_RESPONSE_CHARS) {
    const end = text.slice(-MAX_RESPONSE_CHARS);
    return REASONING_END.test(end) ? extractTitle(end) : '';
  }
  const response = stripReasoning(text);
  const content = titleFromJson(response) ?? response;
  const lines = content
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .filter((line) => !FENCE.test(line))
    .map((line) => cleanLine(line.slice(0, MAX_LINE_CHARS).toWellFormed()))
    .filter((line) => line !== '')
    .filter((line, index, { length }) => index === length - 1 || !LABEL_ALONE.test(line));
  const first = lines[0] ?? '';
  // A model that thinks aloud comes to its title at the end, if it comes to one.
  const isReasoning = REASONING_START.test(first);
  const title = isReasoning ? (lines.length > 1 ? (lines.at(-1) ?? '') : '') : first;
  return isTitle(title) ? shorten(title) : '';
}

const REASONING_END = /<\/(?:think|thinking|thought|reasoning)>|◁\/think▷/i;

/** Thinking that came as text: up to its closing sign, or all of it where that never came. */
function stripReasoning(text: string): string {
  const closed = text.replace(
    /^[\s\S]*<\/(?:think|thinking|thought|reasoning)>|^[\s\S]*◁\/think▷/i,
    '',
  );
  return closed.replace(/(?:<(?:think|thinking|thought|reasoning)>|◁think▷)[\s\S]*$/i, '');
}

/** The title in JSON, which may be fenced or cut off; undefined where there is no JSON. */
function titleFromJson(text: string): string | undefined {
  const inner = text.replace(/^\s*(?:```|~~~)\w*\s*|\s*(?:```|~~~)\s*$/g, '').trim();
  if (!/^["[{]/.test(inner)) return undefined;
  try {
    return findTitle(JSON.parse(inner));
  } catch {
    const cut = /"(?:title|name|topic|subject|titel|titre)"\s*:\s*"((?:[^"\\]|\\.)*)/i.exec(inner);
    if (cut) return unescapeJson(cut[1] ?? '');
    return /^[[{]\s*["\]}[{]/.test(inner) ? '' : undefined;
  }
}

function findTitle(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return findTitle(value[0]) ?? '';
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const named = entries.find(([key]) => /title|name|topic|subject|titel|titre/i.test(key));
  const [, inner] =
    named ?? entries.find(([, field]) => typeof field === 'string') ?? entries[0] ?? [];
  return findTitle(inner) ?? '';
}

function unescapeJson(text: string): string {
  return text
    .replace(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\(.)/g, '$1');
}

/** One line without its dress; '' where it only announces what comes. */
function cleanLine(line: string): string {
  let cleaned = stripMarkdown(line.trim());
  for (let previous = ''; cleaned !== previous; ) {
    previous = cleaned;
    if (!REASONING_START.test(cleaned))
      cleaned = cleaned.replace(ANNOUNCEMENT, '').replace(LABEL, '').replace(ACKNOWLEDGEMENT, '');
    cleaned = trimDecoration(cleaned);
  }
  return cleaned;
}

function stripMarkdown(line: string): string {
  return line
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/^(?:#{1,6}(?=\s|$)|>|[-*+•](?=\s)|\d{1,2}[.)](?=\s)|\s)+\s*/u, '')
    .replace(/\s+#+$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*\*|\*\*|__|~~|``?)(?=\S)(.+?)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}*_])([*_])(?=\S)([^*_]+?)\1(?![\p{L}\p{N}*_])/gu, '$2')
    .replace(/\s+/g, ' ')
    .trim();
}

const QUOTE_PAIRS: Record<string, string> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '„': '“”',
  '”': '”',
  '‘': '’',
  '‚': '‘’',
  '«': '»',
  '»': '«',
  '‹': '›',
  '「': '」',
  '『': '』',
  '《': '》',
  '【': '】',
  '`': '`',
  '[': ']',
  '(': ')',
  '*': '*',
  _: '_',
};

/** Without the quotes around all of it, a full stop at its end, and signs left over at its sides. */
function trimDecoration(text: string): string {
  const trimmed = text
    .trim()
    .replace(/(?<!\.)[.。．]$/u, '')
    .replace(/^[\s:：*`_#]+|[\s:：*`#,;、，]+$/gu, '');
  const [open = ''] = trimmed;
  const inner = trimmed.slice(open.length, -1);
  const closes = trimmed.length > 1 && QUOTE_PAIRS[open]?.includes(trimmed.at(-1) as string);
  if (closes && !inner.includes(open) && !inner.includes(trimmed.at(-1) as string)) return inner;
  // A quote that was opened and never closed, or the other way round.
  return trimmed.replace(/^["“”„«](?=[^"“”„«»]*$)|(?<=^[^"“”„«»]*)["“”»]$/gu, '');
}

function isTitle(text: string): boolean {
  if (NOT_A_TITLE.test(text) || REASONING_START.test(text)) return false;
  return /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(text) && text.split(' ').length <= MAX_WORDS;
}

/** The beginning of a message as a title. */
export function titleFromMessage(question: string): string {
  return shorten(question.trim().replace(/\s+/g, ' '));
}

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_CHARS) return text;
  const cut = characters.slice(0, MAX_CHARS - 1).join('');
  return `${cut.replace(/\s+\S*$/, '') || cut}…`;
}

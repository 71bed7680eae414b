/** Extracts a title from a model's response. Pure. */

const MAX_CHARS = 80;
/**
 * Maximum characters of a response, and of one of its lines: a title is shorter even with the text
 * around it. The search for it takes quadratic time or more.
 */
const MAX_RESPONSE_CHARS = 4_000;
const MAX_LINE_CHARS = 400;
/** A longer line is a sentence about something else. */
const MAX_WORDS = 16;

const FENCE = /^\s*(```|~~~)/;
/** The word "title" in the languages that models answer in, with its separator. */
const LABEL =
  /^(?:(?:(?:chat|conversation|suggested|possible|short|concise|new|final|my|your|the) )?(?:titles?|titel|titre|t[íi]tulo|titolo|titul|tytuł|otsikko|tittel|başlık|cím|titlu|subject|topic|name|answer|Заголовок|Название|Назва|Τίτλος|标题|標題|題名|タイトル|件名|제목|शीर्षक|عنوان|العنوان|כותרת)(?: (?:suggestion|option))?)(?: ?\d+)?(?:\s*[:：=]\s*|\s+[–—-]+\s+)/iu;
/** An introductory sentence up to its colon, which precedes the title. */
const ANNOUNCEMENT =
  /^(?:(?:sure|certainly|of course|absolutely|okay|ok|great|here|gerne|natürlich|klar|hier|voici|aquí|ecco|the|a|an|my|this|one|i|das|der|ein|le|un|el|il)\b[^:：]*\b(?:titles?|titel|titre|t[íi]tulo|titolo)\b[^:：]*|(?:sure|certainly|of course|absolutely|okay|ok|here you go|here it is|gerne|natürlich|klar|voici)[\s!,.]*)[:：]\s*/iu;
/** An acknowledgement before the title. */
const ACKNOWLEDGEMENT =
  /^(?:sure|certainly|of course|absolutely|gerne|natürlich|klar)(?: thing)?!\s+(?=\S)/iu;
/** A line that consists of a label only. */
const LABEL_ALONE = /^(?:(?:chat|conversation|suggested|possible|your) titles?|titles?|options)$/iu;
/** Typical beginnings of reasoning that a model writes as text. */
const REASONING_START =
  /^(?:(?:okay|ok|alright|hmm+|well|so|first|now|wait|right),? (?:so |then )?(?:the|this|let|i|we|they|user)\b|let me\b|let's\b|(?:the|this) (?:user|person|message|conversation|request|prompt)(?:'s)? (?:is|was|wants?|asks?|asked|asking|needs?|says|said|seems|has|just|message|question|begins|starts|only)\b|we (?:need|have|should|must|are)\b|i (?:need|have|should|must|am|will|think|can|'ll)\b|i'(?:ll|m|ve)\b|need to\b|thinking\b|analysis\b|der (?:nutzer|benutzer)\b|l'utilisateur\b|el usuario\b|用户|ユーザー)/iu;
const NOT_A_TITLE =
  /^(?:n\/?a|none|null|undefined|untitled|no title|title|titel|here|sure|json|text|markdown|i(?:'m| am) sorry\b.*|i can(?:'|no)t\b.*|sorry\b.*|as an ai\b.*)$/iu;

/** Returns the title in a model's response; '' if there is none. */
export function extractTitle(text: string): string {
  // A longer response is not a title, but a title may follow long reasoning.
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
  // After reasoning written as text, the title is the last line.
  const isReasoning = REASONING_START.test(first);
  const title = isReasoning ? (lines.length > 1 ? (lines.at(-1) ?? '') : '') : first;
  return isTitle(title) ? shorten(title) : '';
}

const REASONING_END = /<\/(?:think|thinking|thought|reasoning)>|◁\/think▷/i;

/**
 * Removes reasoning written as text: up to its closing marker, or everything after the opening
 * marker if it is never closed.
 */
function stripReasoning(text: string): string {
  const closed = text.replace(
    /^[\s\S]*<\/(?:think|thinking|thought|reasoning)>|^[\s\S]*◁\/think▷/i,
    '',
  );
  return closed.replace(/(?:<(?:think|thinking|thought|reasoning)>|◁think▷)[\s\S]*$/i, '');
}

/** Returns the title in a (fenced or truncated) JSON response; undefined if it is not JSON. */
function titleFromJson(text: string): string | undefined {
  const inner = text.replace(/^\s*(?:```|~~~)\w*\s*|\s*(?:```|~~~)\s*$/g, '').trim();
  if (!/^["[{]/.test(inner)) return undefined;
  try {
    return findTitle(JSON.parse(inner));
  } catch {
    const match = /"(?:title|name|topic|subject|titel|titre)"\s*:\s*"((?:[^"\\]|\\.)*)/i.exec(
      inner,
    );
    if (match) return unescapeJson(match[1] ?? '');
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

/** Strips Markdown, labels and decoration from a line; '' if it is only an introduction. */
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

/** A tag around the whole line: `<title>`. */
const ENCLOSING_TAG = /^<([a-z][a-z0-9]*)(?:\s[^<>]*)?>(.*)<\/\1>$/i;
/** A tag that labels the title, without the other one of its pair. */
const LABEL_TAG =
  /^<(?:title|name|topic|answer|output)>(?=\S)|(?<=\S)<\/(?:title|name|topic|answer|output)>$/gi;
/** Other tags are what the title is about: "Using List<String>", "The <div> element". */
const FORMATTING_TAG = /<(b|i|u|em|strong|mark|span|small|code)(?:\s[^<>]*)?>([^<>]*)<\/\1>/gi;

function stripMarkdown(line: string): string {
  return line
    .replace(ENCLOSING_TAG, '$2')
    .replace(LABEL_TAG, '')
    .replace(FORMATTING_TAG, '$2')
    .replace(/^(?:#{1,6}(?=\s|$)|>|[-*+•](?=\s)|\d{1,2}[.)](?=\s)|\s)+\s*/u, '')
    .replace(/\s+#+$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*\*|\*\*|~~|``?)(?=\S)(.+?)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])__(?![a-z]+(?:_[a-z]+)*__)(?=\S)(.+?)__(?![\p{L}\p{N}_])/gu, '$1')
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

/** Removes enclosing quotes, a final period and stray punctuation at both ends. */
function trimDecoration(text: string): string {
  const trimmed = text
    .trim()
    .replace(/(?<!\.)[.。．]$/u, '')
    .replace(/^(?:[\s:：*`]|#(?=[\s#])|_(?!_?[a-z]+(?:_[a-z]+)*_))+/u, '')
    // A name may end with a number sign or an underscore: C#, __init__.
    .replace(/(?:[\s:：*`,;、，]|(?<=[\s#])#)+$/u, '');
  const [open = ''] = trimmed;
  const inner = trimmed.slice(open.length, -1);
  const closes = trimmed.length > 1 && QUOTE_PAIRS[open]?.includes(trimmed.at(-1) as string);
  if (closes && !inner.includes(open) && !inner.includes(trimmed.at(-1) as string)) return inner;
  // An opening quote without a closing one, or the reverse.
  return trimmed.replace(/^["“”„«](?=[^"“”„«»]*$)|(?<=^[^"“”„«»]*)["“”»]$/gu, '');
}

function isTitle(text: string): boolean {
  if (NOT_A_TITLE.test(text) || REASONING_START.test(text)) return false;
  return /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(text) && text.split(' ').length <= MAX_WORDS;
}

/** Returns the beginning of a message as a title. */
export function titleFromMessage(message: string): string {
  return shorten(message.trim().replace(/\s+/g, ' '));
}

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= MAX_CHARS) return text;
  const truncated = characters.slice(0, MAX_CHARS - 1).join('');
  return `${truncated.replace(/\s+\S*$/, '') || truncated}…`;
}

/** What endpoints say when they fail, in any form, and which kind of failure it is. Pure. */
import type { ErrorCode } from '@/lib/errors';
import { parseJson } from './parse-json';

export type ErrorWords = {
  /** The endpoint's own words; '' where there are none. */
  text: string;
  /** Its machine-readable codes and types, joined. */
  code: string;
  /** The HTTP status that the error itself names. */
  status: number | null;
  /** The words come in a web page, which a proxy wrote. */
  html: boolean;
};

const NO_WORDS: ErrorWords = { text: '', code: '', status: null, html: false };
const MAX_DEPTH = 6;
const MAX_DETAILS = 3;

/** The words of an error as a text, or as a value of any form that endpoints use. */
export function readErrorWords(value: unknown, depth = 0): ErrorWords {
  if (depth > MAX_DEPTH) return NO_WORDS;
  if (typeof value === 'string') return wordsOfText(value, depth);
  if (Array.isArray(value)) return wordsOfList(value, depth);
  if (typeof value !== 'object' || value === null) return NO_WORDS;
  const fields = value as Record<string, unknown>;
  const own = codesOf(fields);
  for (const key of TEXT_FIELDS) {
    const inner = readErrorWords(fields[key], depth + 1);
    if (inner.text === '') continue;
    return {
      ...inner,
      text: key === 'msg' ? `${placeOf(fields.loc)}${inner.text}` : inner.text,
      code: `${own.code} ${inner.code}`.trim(),
      status: inner.status ?? own.status,
    };
  }
  return { ...NO_WORDS, ...own };
}

/** The first of these that holds words counts; `metadata` is OpenRouter's, of the endpoint behind it. */
const TEXT_FIELDS = [
  ...['metadata', 'raw', 'error', 'message', 'detail', 'msg', 'errors', 'error_message'],
  ...['error_msg', 'errorMessage', 'base_resp', 'status_msg', 'error_description', 'title'],
];

function wordsOfText(text: string, depth: number): ErrorWords {
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed)) {
    const value = parseJson(trimmed);
    if (value !== undefined) return readErrorWords(value, depth + 1);
  }
  return isHtml(trimmed) ? { ...NO_WORDS, html: true } : { ...NO_WORDS, text: trimmed };
}

function wordsOfList(list: unknown[], depth: number): ErrorWords {
  const all = list.slice(0, MAX_DETAILS).map((entry) => readErrorWords(entry, depth + 1));
  const said = all.filter(({ text }) => text !== '');
  return { ...(all[0] ?? NO_WORDS), ...said[0], text: said.map(({ text }) => text).join('; ') };
}

/** Where FastAPI found a request wrong. */
function placeOf(loc: unknown): string {
  return Array.isArray(loc) && loc.length > 0 ? `${loc.join('.')}: ` : '';
}

/** Codes, types and the HTTP status of an error object, in the places where endpoints put them. */
function codesOf(fields: Record<string, unknown>): { code: string; status: number | null } {
  const values = [
    'code',
    'type',
    'status',
    'error_type',
    'reason',
    'status_code',
    'http_status_code',
  ]
    .map((field) => fields[field])
    .filter((field) => typeof field === 'string' || typeof field === 'number');
  const status = values
    .map(Number)
    .find((number) => Number.isInteger(number) && number >= 400 && number <= 599);
  return { code: values.join(' '), status: status ?? null };
}

export function isHtml(text: string): boolean {
  return /<html|<!doctype|<body[\s>]/i.test(text);
}

const CONTEXT_CODES = /context_length|context_window|string_above_max|exceed_context/i;
/** vLLM, SGLang, llama.cpp, Ollama, LM Studio, TGI, TensorRT-LLM, OpenAI, Groq, xAI, Gemini, Anthropic, Mistral. */
const CONTEXT_WORDS = [
  /context[ _-]?(?:length|window|size|limit)|maximum context|n_ctx|max_model_len|max_seq_len/i,
  /(?:maximum|max) (?:model|prompt|input|sequence) length|longer than the (?:maximum )?model/i,
  /too many (?:input )?tokens|(?:prompt|input|conversation|request) (?:is )?too long/i,
  /`?inputs`? (?:must have less than|tokens \+ `?max_new_tokens)/i,
  /(?:prompt|input) length\b.{0,80}\b(?:exceed|should not|must)|max_num_tokens|exceeds? the (?:available )?context/i,
  /input token count\b.{0,40}\bexceed|reduce the length of the (?:messages|input|prompt|context)/i,
  /range of input length should be|tokens? to keep from the initial prompt/i,
];
/** About the length of the answer that is asked for. */
const ANSWER_LENGTH_WORDS = /^\W*max_(?:completion_|output_)?tokens\W+(?:must|is|should)/i;

const QUOTA =
  /insufficient[_ ](?:quota|balance|credit|funds)|billing|out of credits|payment[_ ]required|(?:quota|credits?)\b.{0,40}\b(?:exceeded|exhausted|used up|depleted)|exceeded\b.{0,40}\bquota|more credits/i;
const MODERATION =
  /content[_ -]?(?:policy|filter|management)|moderation|\bflagged\b|safety (?:system|filter|polic)|ResponsibleAI|data_inspection|prohibited[_ ]content|sensitive (?:content|words)|inappropriate content/i;
const RATE_LIMIT =
  /rate[_ -]?limit|too many requests|tokens per minute|\bTPM\b|requests per minute/i;
const NO_ROUTE =
  /^(?:\d{3}\W*)?(?:page )?not found\W*$|cannot (?:post|get) \/|no (?:such )?route|route (?:was )?not found|(?:unknown|invalid|unrecognized) (?:request )?(?:endpoint|path|url|route)|no static resource|unexpected endpoint/i;

/** Which failure a status and an endpoint's words mean. */
export function codeOf(status: number, { text, code, html }: ErrorWords): ErrorCode {
  const all = `${code} ${text}`;
  if (isAboutContext(text, code)) return 'context_too_long';
  if (status === 402 || QUOTA.test(all)) return 'endpoint_quota';
  if (status === 429) return 'endpoint_rate_limited';
  if (status !== 401 && MODERATION.test(all)) return 'content_filtered';
  if (status === 401) return 'endpoint_unauthorized';
  if (status === 403) return text === '' ? 'endpoint_unauthorized' : forbidden(all);
  if (status === 404 || status === 405) {
    return html || NO_ROUTE.test(text) || status === 405
      ? 'endpoint_wrong_address'
      : 'endpoint_model_missing';
  }
  if (status === 408 || status === 504) return 'endpoint_timeout';
  if (RATE_LIMIT.test(all)) return 'endpoint_rate_limited';
  if (status === 413) return 'context_too_long';
  return status >= 500 ? 'endpoint_failed' : 'endpoint_rejected';
}

function isAboutContext(text: string, code: string): boolean {
  if (CONTEXT_CODES.test(code)) return true;
  if (ANSWER_LENGTH_WORDS.test(text)) return false;
  return CONTEXT_WORDS.some((words) => words.test(text));
}

function forbidden(words: string): ErrorCode {
  const isKey = /api[ _-]?key|token|unauthori[sz]ed|authenticat|credential/i.test(words);
  return isKey ? 'endpoint_unauthorized' : 'endpoint_forbidden';
}

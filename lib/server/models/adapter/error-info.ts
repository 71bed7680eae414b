/** Parses the errors of endpoints, in any form, and classifies them. Pure. */
import type { ErrorCode } from '@/lib/protocol/errors';
import { parseTolerantJson } from './parse-tolerant-json';

export type EndpointErrorInfo = {
  /** The endpoint's error message, or ''. */
  text: string;
  /** Its machine-readable codes and types, joined. */
  code: string;
  /** The HTTP status in the error itself; null without one. */
  status: number | null;
  /** The body is a web page, probably of a proxy. */
  isHtml: boolean;
};

const EMPTY_INFO: EndpointErrorInfo = { text: '', code: '', status: null, isHtml: false };
const MAX_DEPTH = 6;
const MAX_DETAILS = 3;

/** Parses an error body: a text, or a value of any form that endpoints use. */
export function parseErrorBody(value: unknown, depth = 0): EndpointErrorInfo {
  if (depth > MAX_DEPTH) return EMPTY_INFO;
  if (typeof value === 'string') return parseErrorText(value, depth);
  if (Array.isArray(value)) return parseErrorList(value, depth);
  if (typeof value !== 'object' || value === null) return EMPTY_INFO;
  const fields = value as Record<string, unknown>;
  const ownCodes = collectCodes(fields);
  for (const key of TEXT_FIELDS) {
    const inner = parseErrorBody(fields[key], depth + 1);
    if (inner.text === '') continue;
    return {
      ...inner,
      text: key === 'msg' ? `${formatLocation(fields.loc)}${inner.text}` : inner.text,
      code: `${ownCodes.code} ${inner.code}`.trim(),
      status: inner.status ?? ownCodes.status,
    };
  }
  return { ...EMPTY_INFO, ...ownCodes };
}

/** The first field with a message counts; `metadata` is OpenRouter's, with the upstream error. */
const TEXT_FIELDS = [
  ...['metadata', 'raw', 'error', 'message', 'detail', 'msg', 'errors', 'error_message'],
  ...['error_msg', 'errorMessage', 'base_resp', 'status_msg', 'error_description', 'title'],
];

function parseErrorText(text: string, depth: number): EndpointErrorInfo {
  const trimmed = text.trim();
  if (/^[{[]/.test(trimmed)) {
    const value = parseTolerantJson(trimmed);
    if (value !== undefined) return parseErrorBody(value, depth + 1);
  }
  return isHtml(trimmed) ? { ...EMPTY_INFO, isHtml: true } : { ...EMPTY_INFO, text: trimmed };
}

function parseErrorList(list: unknown[], depth: number): EndpointErrorInfo {
  const all = list.slice(0, MAX_DETAILS).map((entry) => parseErrorBody(entry, depth + 1));
  const withText = all.filter(({ text }) => text !== '');
  return {
    ...(all[0] ?? EMPTY_INFO),
    ...withText[0],
    text: withText.map(({ text }) => text).join('; '),
  };
}

/** FastAPI's location of an invalid field. */
function formatLocation(loc: unknown): string {
  if (!Array.isArray(loc)) return '';
  // Joining nested values may throw.
  const names = loc.filter((name) => typeof name === 'string' || typeof name === 'number');
  return names.length > 0 ? `${names.join('.')}: ` : '';
}

/** Codes, types and the HTTP status of an error object, from the fields that endpoints use. */
function collectCodes(fields: Record<string, unknown>): { code: string; status: number | null } {
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
/**
 * Context errors of vLLM, SGLang, llama.cpp, Ollama, LM Studio, TGI, TensorRT-LLM, OpenAI, Groq,
 * xAI, Gemini, Anthropic and Mistral.
 */
const CONTEXT_PATTERNS = [
  /context[ _-]?(?:length|window|size|limit)|maximum context|n_ctx|max_model_len|max_seq_len/i,
  /(?:maximum|max) (?:model|prompt|input|sequence) length|longer than the (?:maximum )?model/i,
  /too many (?:input )?tokens|(?:prompt|input|conversation|request) (?:is )?too long/i,
  /`?inputs`? (?:must have less than|tokens \+ `?max_new_tokens)/i,
  /(?:prompt|input) length\b.{0,80}\b(?:exceed|should not|must)|max_num_tokens|exceeds? the (?:available )?context/i,
  /input token count\b.{0,40}\bexceed|reduce the length of the (?:messages|input|prompt|context)/i,
  /range of input length should be|tokens? to keep from the initial prompt/i,
];
/** About the requested length of the answer, not the context. */
const MAX_TOKENS_PATTERN = /^\W*max_(?:completion_|output_)?tokens\W+(?:must|is|should)/i;

const QUOTA =
  /insufficient[_ ](?:quota|balance|credit|funds)|billing|out of credits|payment[_ ]required|(?:quota|credits?)\b.{0,40}\b(?:exceeded|exhausted|used up|depleted)|exceeded\b.{0,40}\bquota|more credits/i;
const MODERATION =
  /content[_ -]?(?:policy|filter|management)|moderation|\bflagged\b|safety (?:system|filter|polic)|ResponsibleAI|data_inspection|prohibited[_ ]content|sensitive (?:content|words)|inappropriate content/i;
const RATE_LIMIT =
  /rate[_ -]?limit|too many requests|tokens per minute|\bTPM\b|requests per minute/i;
const NO_ROUTE_PATTERN =
  /^(?:\d{3}\W*)?(?:page )?not found\W*$|cannot (?:post|get) \/|no (?:such )?route|route (?:was )?not found|(?:unknown|invalid|unrecognized) (?:request )?(?:endpoint|path|url|route)|no static resource|unexpected endpoint/i;

/** Returns the error code for a status and an endpoint's error. */
export function classifyError(
  status: number,
  { text, code, isHtml }: EndpointErrorInfo,
): ErrorCode {
  const all = `${code} ${text}`;
  if (isContextLengthError(text, code)) return 'context_too_long';
  if (status === 402 || QUOTA.test(all)) return 'endpoint_quota_exceeded';
  if (status === 429) return 'endpoint_rate_limited';
  if (status !== 401 && MODERATION.test(all)) return 'content_filtered';
  if (status === 401) return 'endpoint_unauthorized';
  if (status === 403) return text === '' ? 'endpoint_unauthorized' : classifyForbidden(all);
  if (status === 404 || status === 405) {
    return isHtml || NO_ROUTE_PATTERN.test(text) || status === 405
      ? 'endpoint_wrong_address'
      : 'endpoint_model_missing';
  }
  if (status === 408 || status === 504) return 'endpoint_timeout';
  if (RATE_LIMIT.test(all)) return 'endpoint_rate_limited';
  if (status === 413) return 'context_too_long';
  return status >= 500 ? 'endpoint_failed' : 'endpoint_rejected';
}

function isContextLengthError(text: string, code: string): boolean {
  if (CONTEXT_CODES.test(code)) return true;
  if (MAX_TOKENS_PATTERN.test(text)) return false;
  return CONTEXT_PATTERNS.some((pattern) => pattern.test(text));
}

function classifyForbidden(text: string): ErrorCode {
  const isKey = /api[ _-]?key|token|unauthori[sz]ed|authenticat|credential/i.test(text);
  return isKey ? 'endpoint_unauthorized' : 'endpoint_forbidden';
}

/** The request's body: what the provider wrote, with what it cannot know put in. Pure. */

/**
 * The model id that the provider is given. It treats ids that start with `o` or `gpt-5` as OpenAI's
 * reasoning models and changes the request for them, which breaks models such as `olmo` or
 * `openchat`; so it never sees the real one.
 */
export const PROVIDER_MODEL_ID = 'endpoint-model';

const BODY_PREFIX = `{"model":"${PROVIDER_MODEL_ID}"`;

/** How an endpoint wants to be spoken to, where endpoints differ. */
export type Dialect = {
  /** Ask for token counts at the end of a stream. Old servers refuse the question. */
  includeUsage: boolean;
  /** Say `max_completion_tokens`: OpenAI's newer models refuse `max_tokens`. */
  usesMaxCompletionTokens: boolean;
};

/**
 * @param fields that the provider does not know
 *
 * Only what stands before the messages is rewritten: a long conversation is not parsed and
 * serialised again.
 */
export function writeRequestBody(
  body: string,
  modelName: string,
  dialect: Dialect,
  fields: Record<string, unknown> = {},
): string {
  const messagesAt = body.indexOf(',"messages":');
  if (!body.startsWith(BODY_PREFIX) || messagesAt === -1) {
    throw new Error('The provider wrote an unexpected request body.');
  }
  const settings = body.slice(BODY_PREFIX.length, messagesAt);
  const rewritten = dialect.usesMaxCompletionTokens
    ? settings.replace(',"max_tokens":', ',"max_completion_tokens":')
    : settings;
  const usage = dialect.includeUsage ? ',"stream_options":{"include_usage":true}' : '';
  const extra = Object.entries(fields).map(
    ([name, value]) => `,"${name}":${JSON.stringify(value)}`,
  );
  const head = `{"model":${JSON.stringify(modelName)}${usage}${extra.join('')}${rewritten}`;
  return head + body.slice(messagesAt);
}

/**
 * What a refusal in these words teaches of an endpoint's dialect; null where it is about something
 * else, or about what is known already.
 */
export function learnDialect(dialect: Dialect, message: string): Partial<Dialect> | null {
  if (dialect.includeUsage && /stream_options|include_usage/.test(message))
    return { includeUsage: false };
  if (!dialect.usesMaxCompletionTokens && message.includes('max_completion_tokens')) {
    return { usesMaxCompletionTokens: true };
  }
  return null;
}

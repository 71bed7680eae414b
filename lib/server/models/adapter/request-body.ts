/** Completes the request body that the provider wrote with what the provider cannot know. Pure. */

/**
 * The model id passed to the provider. It treats ids that start with `o` or `gpt-5` as OpenAI's
 * reasoning models and changes the request for them, which breaks models such as `olmo` or
 * `openchat`; so it never gets the real id.
 */
export const PROVIDER_MODEL_ID = 'endpoint-model';

const BODY_PREFIX = `{"model":"${PROVIDER_MODEL_ID}"`;

/** Request options in which endpoints differ. */
export type Dialect = {
  /** Request token counts at the end of a stream. Old servers reject the option. */
  includeUsage: boolean;
  /** Send `max_completion_tokens`: OpenAI's newer models reject `max_tokens`. */
  usesMaxCompletionTokens: boolean;
};

/**
 * Returns the body with the real model name and the endpoint's dialect. Only the text before the
 * messages is rewritten, so a long conversation is not parsed and serialized again.
 *
 * @param fields extra fields that the provider does not know
 * @throws Error if the provider's body does not start as expected
 */
export function writeRequestBody(
  body: string,
  modelName: string,
  dialect: Dialect,
  fields: Record<string, unknown> = {},
): string {
  const messagesAt = body.indexOf(',"messages":');
  if (!body.startsWith(BODY_PREFIX) || messagesAt === -1) {
    throw new Error('The provider created an unexpected request body.');
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
 * Returns what a rejection with this message shows about the endpoint's dialect; null if it is
 * about something else or already known.
 */
export function learnDialect(dialect: Dialect, message: string): Partial<Dialect> | null {
  if (dialect.includeUsage && /stream_options|include_usage/.test(message))
    return { includeUsage: false };
  if (!dialect.usesMaxCompletionTokens && message.includes('max_completion_tokens')) {
    return { usesMaxCompletionTokens: true };
  }
  return null;
}

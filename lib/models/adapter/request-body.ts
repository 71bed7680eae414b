/** The request's body: what the provider wrote, with what it cannot know put in. Pure. */

/**
 * The model id that the provider is given. It treats ids that start with `o` or `gpt-5` as OpenAI's
 * reasoning models and changes the request for them, which breaks models such as `olmo` or
 * `openchat`; so it never sees the real one.
 */
export const PROVIDER_MODEL_ID = 'endpoint-model';

const START = `{"model":"${PROVIDER_MODEL_ID}"`;

/** How an endpoint wants to be spoken to, where endpoints differ. */
export type Dialect = {
  /** Ask for token counts at the end of a stream. Old servers refuse the question. */
  askUsage: boolean;
  /** Say `max_completion_tokens`: OpenAI's newer models refuse `max_tokens`. */
  newTokenLimit: boolean;
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
  if (!body.startsWith(START) || messagesAt === -1) {
    throw new Error('The provider wrote an unexpected request body.');
  }
  const settings = body.slice(START.length, messagesAt);
  const written = dialect.newTokenLimit
    ? settings.replace(',"max_tokens":', ',"max_completion_tokens":')
    : settings;
  const usage = dialect.askUsage ? ',"stream_options":{"include_usage":true}' : '';
  const more = Object.entries(fields).map(([name, value]) => `,"${name}":${JSON.stringify(value)}`);
  const head = `{"model":${JSON.stringify(modelName)}${usage}${more.join('')}${written}`;
  return head + body.slice(messagesAt);
}

/**
 * What a refusal in these words teaches of an endpoint's dialect; null where it is about something
 * else, or about what is known already.
 */
export function learnDialect(dialect: Dialect, refusal: string): Partial<Dialect> | null {
  if (dialect.askUsage && /stream_options|include_usage/.test(refusal)) return { askUsage: false };
  if (!dialect.newTokenLimit && refusal.includes('max_completion_tokens')) {
    return { newTokenLimit: true };
  }
  return null;
}

/** The request's body: what the provider wrote, with what it cannot know put in. Pure. */

/**
 * The model id that the provider is given. It treats ids that start with `o` or `gpt-5` as OpenAI's
 * reasoning models and changes the request for them, which breaks models such as `olmo` or
 * `openchat`; so it never sees the real one.
 */
export const PROVIDER_MODEL_ID = 'endpoint-model';

const START = `{"model":"${PROVIDER_MODEL_ID}"`;

export type RequestBodyOptions = {
  modelName: string;
  /** Ask for token counts at the end of the stream. */
  askUsage: boolean;
};

/** Only the start is rewritten: a long conversation is not parsed and serialised again. */
export function writeRequestBody(body: string, options: RequestBodyOptions): string {
  if (!body.startsWith(START)) throw new Error('The provider wrote an unexpected request body.');
  const usage = options.askUsage ? ',"stream_options":{"include_usage":true}' : '';
  return `{"model":${JSON.stringify(options.modelName)}${usage}${body.slice(START.length)}`;
}

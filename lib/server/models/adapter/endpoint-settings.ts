/** Timeouts of a request to an endpoint, in milliseconds. */
export type EndpointTimeouts = {
  /** Until the connection is established, TLS included. */
  connectTimeoutMs: number;
  /** Without any bytes before the first content; keep-alive comments count as bytes. */
  firstTokenTimeoutMs: number;
  /** Without any bytes after it. */
  idleTimeoutMs: number;
  /** From the request to the end of the answer. */
  totalTimeoutMs: number;
};

export type EndpointSettings = {
  /** Ends in `/v1`, no trailing slash. */
  baseUrl: string;
  apiKey: string | null;
  /** Names under which the endpoint may serve the model, the likeliest first. */
  modelNames: readonly [string, ...string[]];
  /** False: the certificate of this endpoint, and of no other, is not verified. */
  verifyTls: boolean;
  /** True: the host is not configured, so a private address is rejected. */
  publicOnly?: boolean;
  timeouts: EndpointTimeouts;
  /**
   * How the server continues the last message of a conversation: by request fields (vLLM), because
   * that message is the assistant's (llama.cpp), or not at all.
   */
  prefill?: 'flags' | 'implicit' | null;
};

/**
 * @param server name of the server in lists of models: `owned_by` of a model, `engine` of a
 *   deployment
 */
export function prefillSupportOf(server: unknown): EndpointSettings['prefill'] {
  if (typeof server !== 'string') return null;
  if (/vllm/i.test(server)) return 'flags';
  return /llama\.?_?-?cpp/i.test(server) ? 'implicit' : null;
}

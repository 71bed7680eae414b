/** How an endpoint is reached. Times in milliseconds. */
export type EndpointTimeouts = {
  /** Until the connection stands, TLS included. */
  connectTimeoutMs: number;
  /** Of silence before the first piece of the answer: a keep-alive comment is no silence. */
  firstTokenTimeoutMs: number;
  /** Of silence after it. */
  idleTimeoutMs: number;
  /** From the request to the end of the answer. */
  totalTimeoutMs: number;
};

export type EndpointSettings = {
  /** Ends in `/v1`, no trailing slash. */
  baseUrl: string;
  apiKey: string | null;
  /** Names the endpoint may know the model by, the likeliest first. Never empty. */
  modelNames: readonly [string, ...string[]];
  /** False: the endpoint's certificate is not checked. Only this endpoint's connections. */
  verifyTls: boolean;
  /** True: no setting names its host, so an address in a private network is refused. */
  publicOnly?: boolean;
  timeouts: EndpointTimeouts;
  /**
   * How the server is made to continue the last message of a conversation: by fields of the request
   * (vLLM), by that message being the assistant's (llama.cpp), or not at all.
   */
  prefill?: 'flags' | 'implicit' | null;
};

/** @param server as lists of models name it: `owned_by` of a model, `engine` of a deployment */
export function prefillSupportOf(server: unknown): EndpointSettings['prefill'] {
  if (typeof server !== 'string') return null;
  if (/vllm/i.test(server)) return 'flags';
  return /llama\.?_?-?cpp/i.test(server) ? 'implicit' : null;
}

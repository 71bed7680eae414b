/** Everything the process takes from its environment, checked once at start. */

export type EndpointConfig = {
  /** Short, stable, no slash: the first half of a model ref. */
  id: string;
  /** What a person reads. */
  name: string;
  /** Normalised: ends in `/v1` (or in a path with another version), no trailing slash. */
  baseUrl: string;
  apiKey: string | null;
};

export type KamiwazaConfig = {
  /** Ends in `/api`. */
  apiUrl: string;
  /** The origin that model routes live at. */
  origin: string;
  /** Names and addresses of the platform's own hosts: only they are given its key. */
  hosts: string[];
  apiKey: string | null;
};

export type Config = {
  database: {
    url: string;
    /**
     * For what needs a connection of its own for as long as it lives: LISTEN, session locks,
     * migrations. The same as `url` unless `pooled`.
     */
    sessionUrl: string;
    /** `url` leads to a pooler in transaction mode, which may give each statement another connection. */
    pooled: boolean;
    /** Connections in the pool. */
    poolSize: number;
    /** True where `npm start` runs its own PostgreSQL: then no other app process uses it. */
    embedded: boolean;
  };
  redisUrl: string | null;
  models: {
    /** Fixed OpenAI-compatible endpoints. */
    endpoints: EndpointConfig[];
    /** A Kamiwaza platform to list deployments of. */
    kamiwaza: KamiwazaConfig | null;
    /** Host of `kamiwazaModel(port, modelId)`. */
    kamiwazaHost: string;
    /** False: TLS certificates of model endpoints are not checked. */
    verifyTls: boolean;
    /** True where nothing is configured: the built-in demo model is started and used. */
    demo: boolean;
    /** Ref or model name to prefer. */
    defaultModel: string | null;
    /** Milliseconds. */
    connectTimeoutMs: number;
    firstTokenTimeoutMs: number;
    idleTimeoutMs: number;
    totalTimeoutMs: number;
  };
  tools: {
    /** Origins of a weather service that speaks Open-Meteo's API, without a trailing slash. */
    weatherUrl: string;
    weatherGeocodingUrl: string;
  };
  /** How requests leave this server. */
  outbound: {
    /** Proxies by the scheme of what is asked; null: none. */
    httpProxy: string | null;
    httpsProxy: string | null;
    /** Hosts that are asked directly: see `proxyFor`. */
    noProxy: string;
    /** Certificates in PEM that are trusted besides the usual ones. */
    extraCertificates: string[];
  };
  auth: {
    /** Signs sessions. Null: one is made and kept in the database. */
    secret: string | null;
    /** The address people use, where it cannot be told from the request. */
    publicUrl: string | null;
  };
  limits: {
    /** Proxies in front whose x-forwarded-for is believed. Null: not said, so none is. */
    trustedProxies: number | null;
    /** New guests from one address within ten minutes. */
    guestsPerAddress: number;
    /** Answers made at a time in this process: for one address, and in all. */
    runsPerAddress: number;
    runsPerProcess: number;
  };
  /** Where the server listens. Host null: it is left to whoever starts it. */
  listen: { host: string | null; port: number };
  /** Answers that may be made for one person at a time. */
  maxRunsPerUser: number;
  /** How long answers may go on after SIGTERM before they are closed as interrupted. */
  shutdownGraceMs: number;
  /** How long an idle connection of a client or a proxy stays open. */
  keepAliveTimeoutMs: number;
  /** Names this process among others on the same database: host and port unless set. */
  instance: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
};

/** The process's configuration, validated at startup. */

export type EndpointConfig = {
  /** Short, stable, without a slash: the first part of a model ref. */
  id: string;
  /** Display name. */
  name: string;
  /** Normalized: ends in `/v1` (or a path with another version), no trailing slash. */
  baseUrl: string;
  apiKey: string | null;
};

export type KamiwazaConfig = {
  /** Ends in `/api`. */
  apiUrl: string;
  /** The origin that serves the model routes. */
  origin: string;
  /** Host names and addresses of the platform: only they receive its API key. */
  hosts: string[];
  apiKey: string | null;
};

export type Config = {
  database: {
    url: string;
    /**
     * For features that need a dedicated connection: LISTEN, session locks, migrations. Equals
     * `url` unless `pooled`.
     */
    sessionUrl: string;
    /** `url` is a transaction pooler, which may use another connection per statement. */
    pooled: boolean;
    /** Connections in the pool. */
    poolSize: number;
    /** True if `npm start` runs its own PostgreSQL: then no other app process uses it. */
    embedded: boolean;
  };
  redisUrl: string | null;
  models: {
    /** Fixed OpenAI-compatible endpoints. */
    endpoints: EndpointConfig[];
    /** The Kamiwaza platform whose deployments are listed as models. */
    kamiwaza: KamiwazaConfig | null;
    /** Host of `kamiwazaModel(port, modelId)`. */
    kamiwazaHost: string;
    /** False: TLS certificates of model endpoints are not verified. */
    verifyTls: boolean;
    /** True if no model source is configured: the built-in demo model is used. */
    demo: boolean;
    /** Ref or name of the preferred model. */
    defaultModel: string | null;
    /** Milliseconds. */
    connectTimeoutMs: number;
    firstTokenTimeoutMs: number;
    idleTimeoutMs: number;
    totalTimeoutMs: number;
  };
  tools: {
    /** Base URLs of a weather service with Open-Meteo's API, without a trailing slash. */
    weatherUrl: string;
    weatherGeocodingUrl: string;
  };
  /** Outbound requests. */
  outbound: {
    /** Proxies by the scheme of the requested URL; null: none. */
    httpProxy: string | null;
    httpsProxy: string | null;
    /** Hosts that bypass the proxy: see `proxyFor`. */
    noProxy: string;
    /** PEM certificates that are trusted in addition to the default ones. */
    extraCertificates: string[];
  };
  auth: {
    /** Signs session cookies. Null: one is generated and stored in the database. */
    secret: string | null;
    /** The URL users open; null: derived from each request. */
    publicUrl: string | null;
  };
  limits: {
    /** Number of proxies whose x-forwarded-for is trusted. Null: not set, none is trusted. */
    trustedProxies: number | null;
    /** New guests per IP address within ten minutes. */
    guestsPerAddress: number;
    /** Concurrent runs in this process, per IP address and in total. */
    runsPerAddress: number;
    runsPerProcess: number;
  };
  /** Listen address. Host null: not set, the start script chooses it. */
  listen: { host: string | null; port: number };
  /** Concurrent runs per user. */
  maxRunsPerUser: number;
  /** Milliseconds that runs may continue after SIGTERM before they are closed as interrupted. */
  shutdownGraceMs: number;
  /** Milliseconds that an idle connection of a client or a proxy stays open. */
  keepAliveTimeoutMs: number;
  /** Identifies this process among others on the same database: host and port unless set. */
  instance: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
};

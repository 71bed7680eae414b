# Builds the app into an image that holds only what runs. The app needs a PostgreSQL (POSTGRES_URL);
# docker-compose.yml provides one.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The build needs no install scripts.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Throughline" \
      org.opencontainers.image.licenses="Apache-2.0"
# NEXT_MANUAL_SIG_HANDLE: lib/server/lifecycle/drain.ts handles SIGTERM.
ENV NODE_ENV=production \
    HOSTNAME=0.0.0.0 \
    PORT=3000 \
    NEXT_TELEMETRY_DISABLED=1 \
    NEXT_MANUAL_SIG_HANDLE=1
WORKDIR /app
# Owned by root: the server cannot change its own files and needs to write none.
COPY --from=build /app/.next/standalone /app/LICENSE ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=64", "server.js"]

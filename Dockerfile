# Build: docker build -t wren .
# Run:   docker run --rm --read-only --cap-drop ALL -p 3000:3000 wren
# Settings are environment variables; .env.example lists them.

FROM node:24-slim AS build
WORKDIR /app
# .npmrc and the overrides in package.json are part of what the lock file was made with
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY public public
# the files belong to root, so the service cannot change itself
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --start-interval=500ms --retries=3 \
  CMD ["node", "dist/health/probe.js"]
# no shell and no npm in between: SIGTERM reaches the service, which drains (SHUTDOWN_TIMEOUT) and
# ends with 0
CMD ["node", "dist/main.js"]

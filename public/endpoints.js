// @ts-check

const PING_PONG_PATH = '/ping-pong';

/**
 * The WebSocket endpoints of the service that served this page, the default first.
 *
 * @param {Location} page
 */
export function endpointsOf({ protocol, host }) {
  const origin = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  return [
    { url: `${origin}/ws`, label: 'echo gateway' },
    { url: `${origin}${PING_PONG_PATH}`, label: 'ping-pong gateway' },
    { url: `${origin}/connect`, label: 'controller action' },
  ];
}

/** @param {string} url */
export function isPingPong(url) {
  return URL.canParse(url) && new URL(url).pathname === PING_PONG_PATH;
}

/**
 * @param {string} url
 * @returns {string} why no WebSocket can be opened at the URL, or nothing
 */
export function problemWith(url) {
  if (!URL.canParse(url)) {
    return 'This is not a URL. Write it like ws://host/path or wss://host/path.';
  }
  if (!['ws:', 'wss:'].includes(new URL(url).protocol)) {
    return 'The URL must start with ws:// or wss://.';
  }
  return '';
}

// @ts-check
import { CommunicationLog } from './communication-log.js';
import { endpointsOf, isPingPong, problemWith } from './endpoints.js';
import { closeInWords, failureInWords, messageInWords } from './wording.js';

/** @typedef {'ready' | 'connecting' | 'open' | 'closing' | 'closed'} ConnectionState */

/** @type {Readonly<Record<ConnectionState, string>>} */
const STATUS_TEXTS = {
  ready: 'Ready to connect',
  connecting: 'Connecting',
  open: 'Open',
  closing: 'Closing',
  closed: 'Closed',
};

const statusLine = element('status', HTMLElement);
const connectForm = element('connect-form', HTMLFormElement);
const urlField = element('url', HTMLInputElement);
const urlError = element('url-error', HTMLElement);
const connectButton = element('connect', HTMLButtonElement);
const closeButton = element('close', HTMLButtonElement);
const messageForm = element('message-form', HTMLFormElement);
const messageField = element('message', HTMLInputElement);
const sendButton = element('send', HTMLButtonElement);
const answerPingOption = element('answer-ping-option', HTMLElement);
const answerPing = element('answer-ping', HTMLInputElement);

const log = new CommunicationLog({
  viewport: element('log', HTMLElement),
  rows: element('log-rows', HTMLTableSectionElement),
  summary: element('log-summary', HTMLElement),
  clearButton: element('clear', HTMLButtonElement),
});

/** @type {ConnectionState} */
let state = 'ready';

/**
 * The one socket of this page, from Connect until its close event.
 *
 * @type {WebSocket | null}
 */
let socket = null;

connectForm.addEventListener('submit', (event) => {
  event.preventDefault();
  connect();
});
messageForm.addEventListener('submit', (event) => {
  event.preventDefault();
  send(messageField.value);
  messageField.value = '';
  messageField.focus();
});
// Only the button sends an empty message: opening the socket moves the focus here, where a second
// Enter that was meant for Connect must do nothing.
messageField.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && messageField.value === '') event.preventDefault();
});
closeButton.addEventListener('click', close);
urlField.addEventListener('input', () => {
  showUrlError('');
  offerPong();
});

fillInUrls();
offerPong();
showState('ready');

function connect() {
  if (socket) return;
  const url = urlField.value.trim();
  const problem = problemWith(url);
  showUrlError(problem);
  if (problem) return;
  try {
    socket = open(url);
    showState('connecting');
  } catch (error) {
    showUrlError(`The browser refuses this URL. ${String(error)}`);
  }
}

/**
 * @param {string} url
 * @returns {WebSocket}
 */
function open(url) {
  const opening = new WebSocket(url);
  let opened = false;
  opening.binaryType = 'arraybuffer';
  opening.addEventListener('open', () => {
    opened = true;
    log.notice('opened', `Connection opened. URL: ${opening.url}`);
    showState('open');
  });
  opening.addEventListener('message', ({ data }) => {
    log.message('Server', messageInWords(data));
    if (data === 'ping' && answerPing.checked) send('pong');
  });
  // Every failure ends in a close event too, and the error event itself says nothing.
  opening.addEventListener('close', (event) => {
    if (opened) log.notice(event.wasClean ? 'closed' : 'failed', closeInWords(event));
    else if (state === 'closing') log.notice('closed', 'Connecting was cancelled.');
    else log.notice('failed', failureInWords(opening.url));
    socket = null;
    showState('closed');
  });
  return opening;
}

/** @param {string} text */
function send(text) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(text);
  log.message('Client', messageInWords(text));
}

/** Closes the socket, or gives up connecting. */
function close() {
  if (!socket) return;
  socket.close(1000, 'Closing from client');
  showState('closing');
}

/**
 * Sets the status and enables what makes sense in this state.
 *
 * @param {ConnectionState} newState
 */
function showState(newState) {
  state = newState;
  statusLine.textContent = STATUS_TEXTS[state];
  statusLine.dataset.state = state;

  const focused = document.activeElement;
  const idle = state === 'ready' || state === 'closed';
  urlField.disabled = !idle;
  connectButton.disabled = !idle;
  closeButton.disabled = state !== 'connecting' && state !== 'open';
  messageField.disabled = state !== 'open';
  sendButton.disabled = state !== 'open';

  // A disabled control loses the focus. The status keeps it, where no key does harm.
  if (focused?.matches(':disabled')) statusLine.focus();
  const rests = [statusLine, document.body].some((place) => place === document.activeElement);
  if (state === 'open' && rests) messageField.focus();
}

/** @param {string} problem */
function showUrlError(problem) {
  urlError.textContent = problem;
  urlField.setAttribute('aria-invalid', String(problem !== ''));
}

/** Offers to answer pings, and does so by default, while the URL is the ping-pong gateway's. */
function offerPong() {
  const isOffered = isPingPong(urlField.value.trim());
  if (answerPingOption.hidden === isOffered) answerPing.checked = isOffered;
  answerPingOption.hidden = !isOffered;
}

function fillInUrls() {
  const endpoints = endpointsOf(location);
  const options = endpoints.map(({ url, label }) => new Option(label, url));
  element('known-urls', HTMLDataListElement).replaceChildren(...options);
  urlField.value = endpoints[0]?.url ?? '';
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} with id ${id}`);
  return found;
}

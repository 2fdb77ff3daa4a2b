// @ts-check
import { countOf } from './wording.js';

const MAX_ROWS = 5000;

/** @typedef {'Client' | 'Server'} Party */
/** @typedef {'opened' | 'closed' | 'failed'} NoticeKind */

/**
 * The log as a table: the newest row is at the bottom, and beyond {@link MAX_ROWS} the oldest go.
 * Everything a peer sent is set as text, never as markup.
 */
export class CommunicationLog {
  /** Rows that wait for the next frame, so that a flood of messages costs one layout per frame. */
  #pending = document.createDocumentFragment();
  #pendingCount = 0;
  #shownCount = 0;
  #removedCount = 0;
  #frameRequested = false;
  /** Until the reader scrolls up. */
  #followsNewest = true;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.viewport the box that scrolls
   * @param {HTMLTableSectionElement} elements.rows
   * @param {HTMLElement} elements.summary says how many rows there are
   * @param {HTMLButtonElement} elements.clearButton
   */
  constructor({ viewport, rows, summary, clearButton }) {
    this.viewport = viewport;
    this.rows = rows;
    this.summary = summary;
    this.clearButton = clearButton;
    clearButton.addEventListener('click', () => this.clear());
    viewport.addEventListener('scroll', () => this.#noteScrollPosition(), { passive: true });
    new ResizeObserver(() => this.#scrollToNewest()).observe(viewport);
    this.#summarize();
  }

  /**
   * @param {Party} from
   * @param {string} text
   */
  message(from, text) {
    const to = from === 'Client' ? 'Server' : 'Client';
    const row = document.createElement('tr');
    row.className = from === 'Client' ? 'sent' : 'received';
    row.append(cell(from), cell(to), text ? cell(text, 'data') : cell('(empty)', 'data empty'));
    this.#add(row);
    this.#showInNextFrame();
  }

  /**
   * Something that happened to the connection, across all columns; shown at once.
   *
   * @param {NoticeKind} kind
   * @param {string} text
   */
  notice(kind, text) {
    const row = document.createElement('tr');
    row.className = `notice ${kind}`;
    const only = cell(text);
    only.colSpan = 3;
    row.append(only);
    this.#add(row);
    this.#show();
  }

  clear() {
    const hadFocus = document.activeElement === this.clearButton;
    this.rows.replaceChildren();
    this.#pending.replaceChildren();
    this.#pendingCount = this.#shownCount = this.#removedCount = 0;
    this.#followsNewest = true;
    this.#summarize();
    if (hadFocus) this.viewport.focus();
  }

  /** @param {HTMLTableRowElement} row */
  #add(row) {
    this.#pending.append(row);
    this.#pendingCount += 1;
    // A page in the background gets no frames, so the rows that wait are limited too.
    if (this.#pendingCount > MAX_ROWS) {
      this.#pending.firstChild?.remove();
      this.#pendingCount -= 1;
      this.#removedCount += 1;
    }
  }

  #showInNextFrame() {
    if (this.#frameRequested) return;
    this.#frameRequested = true;
    requestAnimationFrame(() => {
      this.#frameRequested = false;
      this.#show();
    });
  }

  /** Shows the rows that wait. */
  #show() {
    this.rows.append(this.#pending);
    this.#shownCount += this.#pendingCount;
    this.#pendingCount = 0;
    for (; this.#shownCount > MAX_ROWS; this.#shownCount -= 1) {
      this.rows.firstChild?.remove();
      this.#removedCount += 1;
    }
    this.#summarize();
    this.#scrollToNewest();
  }

  #noteScrollPosition() {
    const { scrollHeight, scrollTop, clientHeight } = this.viewport;
    this.#followsNewest = scrollHeight - scrollTop - clientHeight < 32;
  }

  #scrollToNewest() {
    if (this.#followsNewest) this.viewport.scrollTop = this.viewport.scrollHeight;
  }

  #summarize() {
    const shown = countOf(this.#shownCount, 'row');
    this.clearButton.disabled = this.#shownCount === 0;
    this.summary.textContent =
      this.#removedCount === 0
        ? shown
        : `Newest ${shown}; ${countOf(this.#removedCount, 'older row')} removed`;
  }
}

/**
 * @param {string} text
 * @param {string} className
 */
function cell(text, className = '') {
  const created = document.createElement('td');
  created.className = className;
  created.textContent = text;
  return created;
}
